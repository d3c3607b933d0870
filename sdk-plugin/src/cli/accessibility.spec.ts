import { accessibilityFindings } from './accessibility.ts'

const rulesOf = (template: string) =>
  accessibilityFindings('ui/page.vue', `<template>${template}</template>`).map(({ rule }) => rule)

describe('the templates of a plugin', () => {
  it.each([
    ['<img src="a.png">', 'ui-image-text'],
    ['<input type="image" src="a.png">', 'ui-image-text'],
    ['<button><svg aria-hidden="true"><path /></svg></button>', 'ui-control-name'],
    ['<button type="button"> <!-- close --> </button>', 'ui-control-name'],
    ['<button><Icon aria-hidden="true" /></button>', 'ui-control-name'],
    ['<a href="/x"></a>', 'ui-control-name'],
    ['<a :href="x"><img src="a.png" aria-hidden="true"></a>', 'ui-control-name'],
    ['<p><input v-model="x"></p>', 'ui-field-label'],
    ['<select><option>1</option></select>', 'ui-field-label'],
    ['<textarea />', 'ui-field-label'],
    ['<div @click="open">x</div>', 'ui-click-only'],
    ['<li v-for="x in y" v-on:click.prevent="open">x</li>', 'ui-click-only'],
    ['<p tabindex="3">x</p>', 'ui-tab-order'],
  ])('are refused with %s', (template, rule) => {
    expect(rulesOf(template)).toEqual([rule])
  })

  it.each([
    '<img src="a.png" alt="">',
    '<img :src="x" :alt="y">',
    '<img v-bind="x">',
    '<button>{{ t("close") }}</button>',
    '<button><span>x</span></button>',
    '<button><slot /></button>',
    '<button><Icon /></button>',
    '<button :aria-label="t(\'close\')"><svg /></button>',
    '<button v-text="x" />',
    '<a id="top"></a>',
    '<a href="/x"><img src="a.png" alt="x"></a>',
    '<label>x <input></label>',
    '<Field label="x"><input></Field>',
    '<input :id="id">',
    '<input type="hidden">',
    '<div role="button" tabindex="0" @click="a" @keydown.enter="a">x</div>',
    '<ul role="listbox"><li role="option" @click="a">x</li></ul>',
    '<div role="presentation" @click="a"><button>x</button></div>',
    '<Card @click="a" />',
    '<template v-if="x"><button @click="a">x</button></template>',
    '<p tabindex="-1">x</p>',
  ])('are taken with %s', (template) => {
    expect(rulesOf(template)).toEqual([])
  })

  it('are looked through to their depth, and the place is named', () => {
    const nested = '<template>\n<div v-if="a">\n<ul><li><button /></li></ul></div>\n</template>'
    expect(accessibilityFindings('ui/a.vue', nested)).toEqual([
      {
        rule: 'ui-control-name',
        evidence: '<button> has no name.',
        fix: expect.any(String) as string,
        code: 'ui-control-name',
        params: { tag: 'button' },
        at: 'ui/a.vue:3',
      },
    ])
    expect(accessibilityFindings('ui/a.vue', '<script setup>const x = 1</script>')).toEqual([])
  })
})
