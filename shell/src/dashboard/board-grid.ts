import { GridStack, type GridStackNode } from 'gridstack'
import type { Cells } from './keyboard-move.ts'
import { columns, type LayoutItem } from './layout.ts'

/** The mouse and collision side of the board. Elements are Vue's; gridstack only places them. */
export interface BoardGrid {
  setEditing(editing: boolean): void
  /** Makes elements that Vue added part of the grid, and forgets those that Vue is about to take away. */
  adopt(element: HTMLElement): void
  release(element: HTMLElement): void
  /** Moves one; others make room. */
  place(id: string, cells: Cells): void
  /** Where everything is now. */
  positions(): readonly (Cells & { readonly id: string })[]
  /** Puts everything where a layout has it, for example after Escape. */
  restore(items: readonly LayoutItem[]): void
  /** Gives the elements back as they were before. */
  destroy(): void
}

const cellsOf = ({ x = 0, y = 0, w = 1, h = 1 }: GridStackNode): Cells => ({ x, y, w, h })

/** @param onChange called after each change by mouse or by `place` */
export function createBoardGrid(element: HTMLElement, onChange: () => void): BoardGrid {
  const grid = GridStack.init(
    {
      column: columns,
      cellHeight: '5rem',
      margin: '0.5rem',
      // Without gravity a widget stays where it is put, by arrows as well as by mouse.
      mode: 'float',
      staticGrid: true,
      animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      handle: '.sh-widget__handle',
      resizable: { handles: 'se' },
      alwaysShowResizeHandle: true,
    },
    element,
  )
  if (grid === null) throw new Error('The board has no element.')
  grid.on('change', onChange)

  const elementOf = (id: string) => grid.getGridItems().find(({ gridstackNode }) => gridstackNode?.id === id)

  return {
    setEditing: (editing) => void grid.setStatic(!editing),
    adopt: (item) => void grid.makeWidget(item),
    release: (item) => void grid.removeWidget(item, false, false),
    place(id, cells) {
      const item = elementOf(id)
      if (item !== undefined) grid.update(item, cells)
    },
    positions: () =>
      grid.engine.nodes.flatMap((node) => (node.id === undefined ? [] : [{ id: node.id, ...cellsOf(node) }])),
    restore(items) {
      grid.batchUpdate()
      for (const { id, x, y, w, h } of items) {
        const item = elementOf(id)
        if (item !== undefined) grid.update(item, { x, y, w, h })
      }
      grid.batchUpdate(false)
    },
    destroy() {
      const placed = [element, ...grid.getGridItems()]
      grid.destroy(false)
      // It leaves its measures behind: a widget that stands in a column would keep the height of its place in the grid.
      for (const each of placed) each.removeAttribute('style')
    },
  }
}
