import type { I18n } from '@dcesop/sdk-plugin/ui'
import { ref, type Ref } from 'vue'
import type { Announcer } from '../announcer/announcer.ts'
import type { BoardGrid } from './board-grid.ts'
import { type Cells, keyboardMove } from './keyboard-move.ts'
import { columns, type LayoutItem } from './layout.ts'

export interface BoardMoves {
  /** The widget that the arrows move now. */
  readonly moving: Ref<string | undefined>
  toggle(item: LayoutItem): void
  key(event: KeyboardEvent, item: LayoutItem): void
  leave(): void
  act(action: string, item: LayoutItem): void
}

/** Menu actions as the keys that do the same. */
const actionKeys: Readonly<Record<string, readonly [key: string, resize: boolean]>> = {
  left: ['ArrowLeft', false],
  right: ['ArrowRight', false],
  up: ['ArrowUp', false],
  down: ['ArrowDown', false],
  wider: ['ArrowRight', true],
  narrower: ['ArrowLeft', true],
  taller: ['ArrowDown', true],
  shorter: ['ArrowUp', true],
}

/** Moving and resizing without a mouse: Enter takes a widget, arrows move it, Shift and arrows resize it, Escape puts it back. */
export function useBoardMoves(
  grid: () => BoardGrid | undefined,
  items: () => readonly LayoutItem[],
  announcer: Announcer,
  text: I18n,
): BoardMoves {
  const moving = ref<string>()
  let before: readonly LayoutItem[] = []

  const cellsOf = (id: string): Cells | undefined =>
    grid()
      ?.positions()
      .find((position) => position.id === id)
  const say = (message: string) => announcer.announce(message, { key: 'board', priority: 'assertive' })

  function move(id: string, cells: Cells | undefined): void {
    if (cells === undefined) return say(text.t('shell.board.edge'))
    grid()?.place(id, cells)
    const { x, y, w, h } = cellsOf(id) ?? cells
    say(text.t('shell.board.position', { column: x + 1, columns, row: y + 1, width: w, height: h }))
  }

  function drop(): void {
    if (moving.value === undefined) return
    moving.value = undefined
    say(text.t('shell.board.dropped'))
  }

  return {
    moving,
    toggle(item) {
      if (moving.value === item.id) return drop()
      before = items()
      moving.value = item.id
      say(text.t('shell.board.taken'))
    },
    key(event, item) {
      if (moving.value !== item.id) return
      if (event.key === 'Escape') {
        event.stopPropagation()
        grid()?.restore(before)
        moving.value = undefined
        say(text.t('shell.board.restored'))
        return
      }
      if (!event.key.startsWith('Arrow')) return
      event.preventDefault()
      const cells = cellsOf(item.id)
      if (cells !== undefined) move(item.id, keyboardMove(cells, event.key, event.shiftKey))
    },
    leave: drop,
    act(action, item) {
      const cells = cellsOf(item.id)
      if (cells === undefined) return
      const keys = actionKeys[action]
      if (action === 'start') move(item.id, { ...cells, x: 0, y: 0 })
      else if (action === 'full') move(item.id, { ...cells, x: 0, w: columns })
      else if (keys !== undefined) move(item.id, keyboardMove(cells, ...keys))
    },
  }
}
