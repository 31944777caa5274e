import antfu from '@antfu/eslint-config'
import a11y from 'eslint-plugin-vuejs-accessibility'

const NO_CLOCK = 'Pages must come out the same on the server and in the browser: the server decides what depends on time, place or chance.'

export default antfu(
  {
    typescript: true,
    vue: true,
    ignores: ['dist', 'public'],
    pnpm: false,
    markdown: false,
  },
  ...a11y.configs['flat/recommended'],
  {
    name: 'casa/vue',
    files: ['**/*.vue'],
    rules: {
      'max-lines': ['error', 200],
      'vue/max-template-depth': [
        'error',
        { maxDepth: 9 },
      ],
      'vue/no-bare-strings-in-template': 'error',
      'vue/no-v-html': 'error',
      // The text comes from a part of ours, which the rule cannot see into.
      'vuejs-accessibility/heading-has-content': [
        'error',
        {
          accessibleChildren: ['HitText'],
        },
      ],
      // An input inside its label needs no id.
      'vuejs-accessibility/label-has-for': [
        'error',
        {
          required: {
            some: ['nesting', 'id'],
          },
        },
      ],
    },
  },
  {
    name: 'casa/typescript',
    files: ['**/*.ts', '**/*.vue'],
    rules: {
      'max-lines-per-function': [
        'error',
        { max: 40, skipBlankLines: true, skipComments: true },
      ],
      'ts/no-explicit-any': 'error',
    },
  },
  {
    name: 'casa/tests',
    files: ['**/*.test.ts', 'src/fixtures/**', 'e2e/**'],
    rules: { 'max-lines-per-function': 'off', 'test/prefer-lowercase-title': 'off' },
  },
  {
    name: 'casa/e2e',
    files: ['e2e/**'],
    rules: {
      // Playwright reads from the empty pattern that a fixture needs no other.
      'no-empty-pattern': 'off',
      // What a guest reads, not what is in the document.
      'unicorn/prefer-dom-node-text-content': 'off',
    },
  },
  {
    name: 'casa/same-everywhere',
    files: ['src/shared/**/*.ts', 'src/guest/**/*.{ts,vue}'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Intl', 'Date'].map(name => ({ name, message: NO_CLOCK })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: NO_CLOCK },
        { property: 'localeCompare', message: NO_CLOCK },
        { property: 'toLocaleString', message: NO_CLOCK },
      ],
    },
  },
  {
    name: 'casa/guest-stays-small',
    files: ['src/shared/**/*.ts', 'src/guest/**/*.{ts,vue}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                '**/admin/**',
                'reka-ui',
                'pinia',
                '@pinia/*',
                '@vueuse/*',
                'vue-router',
              ],
              message: 'Not on the guests’ side.',
            },
          ],
        },
      ],
    },
  },
  {
    name: 'casa/dictionaries',
    files: ['src/shared/i18n/{de,en,es}.ts'],
    rules: {
      'perfectionist/sort-objects': [
        'error',
        { type: 'alphabetical', ignoreCase: true, partitionByNewLine: false },
      ],
    },
  },
)
