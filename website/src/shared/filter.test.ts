import type { Filter, Item, Section } from './card.ts'
import { describe, expect, it } from 'vitest'
import { item, section, serving, wine } from '../fixtures/build.ts'
import { declare } from '../fixtures/substances.ts'
import { applyFilter, countActive } from './filter.ts'

function names(filter: Filter, ...items: Item[]): string[] {
  return namesIn([
    section('wines', 'one', 'Rubrik', items),
  ], filter)
}

function namesIn(sections: Section[], filter: Filter): string[] {
  return applyFilter(sections, filter).sections.flatMap(one => one.items.map(entry => entry.name))
}

const OUT = { sold_out: true, sold_out_until: null }

describe('no filter', () => {
  it('shows everything, sold out and undeclared included', () => {
    const hits = applyFilter([
      section('wines', 'a', 'A', [
        wine(1, 'Uno', 'red', {}, OUT),
        wine(2, 'Dos', 'red', {}, { declarations: [] }),
      ]),
    ], {})
    expect([hits.shown, hits.total, hits.ask.length]).toEqual([2, 2, 0])
  })

  it('empty lists and blank searches are no filter', () => {
    expect(countActive({
      color: [],
      without: [],
      q: '  ',
      by_glass: false,
    })).toBe(0)
    expect(names({
      color: [],
      without: [],
      q: '  ',
      by_glass: false,
    }, wine(1, 'Uno', 'red'))).toEqual(['Uno'])
  })
})

it('each chosen value counts as one condition', () => {
  expect(countActive({
    color: ['red', 'white'],
    without: ['milk'],
    q: 'x',
    max_price: 500,
    new: true,
  })).toBe(6)
})

describe('colour and section', () => {
  it('any of the colours will do, and only wines have one', () => {
    const items = [
      wine(1, 'Tinto', 'red'),
      wine(2, 'Blanco', 'white'),
      wine(3, 'Rosado', 'rose'),
      item('drink', 4, 'Bier'),
    ]
    expect(names({
      color: ['red', 'rose'],
    }, ...items)).toEqual(['Tinto', 'Rosado'])
  })

  it('any of the sections will do, empty ones leave', () => {
    const sections = [
      section('drinks', 'bier', 'Bier', [
        item('drink', 1, 'Pils'),
      ]),
      section('drinks', 'gin', 'Gin', [
        item('drink', 2, 'Fizz'),
      ]),
    ]
    expect(namesIn(sections, {
      section: ['gin'],
    })).toEqual(['Fizz'])
    expect(applyFilter(sections, {
      section: ['gin'],
    }).sections).toHaveLength(1)
    expect(applyFilter(sections, {
      section: ['gin'],
    }).total).toBe(2)
  })
})

describe('glass and price', () => {
  const glass = serving('glass', 200, 700)
  const bottle = serving('bottle', 750, 2400)

  it('by the glass wants a glass that is there', () => {
    expect(names({ by_glass: true }, item('drink', 1, 'ja', {
      servings: [glass, bottle],
    }), item('drink', 2, 'nein', {
      servings: [bottle],
    }), item('drink', 3, 'aus', {
      servings: [
        {
          ...glass,
          ...OUT,
        },
        bottle,
      ],
    }))).toEqual(['ja'])
  })

  it('up to means at most, and counts what is there', () => {
    const items = [
      item('drink', 1, 'genau', {
        servings: [glass],
      }),
      item('drink', 2, 'drüber', {
        servings: [
          { ...glass, price_cents: 701 },
        ],
      }),
      item('drink', 3, 'aus', {
        servings: [
          {
            ...glass,
            ...OUT,
          },
          bottle,
        ],
      }),
    ]
    expect(names({ max_price: 700 }, ...items)).toEqual(['genau'])
    expect(names({ max_price: 2400 }, ...items)).toEqual(['genau', 'drüber', 'aus'])
  })
})

describe('diets, alcohol, news', () => {
  it('all diets have to hold', () => {
    expect(names({
      diet: ['vegan', 'keto'],
    }, item('snack', 1, 'beides', {
      diets: ['keto', 'vegan'],
    }), item('snack', 2, 'eins', {
      diets: ['vegan'],
    }))).toEqual(['beides'])
  })

  it('one serving without alcohol is enough, sold out or not', () => {
    const beer = serving('glass', 300, 350, { alcohol: 'fermented' })
    expect(names({ alcohol_free: true }, item('drink', 1, 'beides', {
      servings: [
        beer,
        serving('glass', 300, 350, OUT),
      ],
    }), item('drink', 2, 'nur mit', {
      servings: [beer],
    }))).toEqual(['beides'])
  })

  it('new is what is marked so', () => {
    expect(names({ new: true }, item('snack', 1, 'neu', { new: true }), item('snack', 2, 'alt'))).toEqual(['neu'])
  })
})

describe('without an allergen', () => {
  const items = [
    item('snack', 1, 'frei'),
    item('snack', 2, 'enthält', {
      declarations: declare(['milk']),
    }),
    item('snack', 3, 'Spuren', {
      declarations: declare([], ['milk']),
    }),
    item('snack', 4, 'unbekannt', { declarations: [] }),
    item('snack', 5, 'Mandel', {
      declarations: declare(['almond']),
    }),
    item('snack', 6, 'nur Mandel frei', {
      declarations: [
        ...declare([]).filter(row => row.substance !== 'nuts'),
        { substance: 'almond', state: 'free' },
      ],
    }),
  ]
  const asked = (filter: Filter): string[] => applyFilter([
    section('snacks', 'a', 'A', items),
  ], filter).ask.map(entry => entry.name)

  it('contains and traces leave, unknown is asked for', () => {
    expect(names({
      without: ['milk'],
    }, ...items)).toEqual(['frei', 'Mandel', 'nur Mandel frei'])
    expect(asked({
      without: ['milk'],
    })).toEqual(['unbekannt'])
  })

  it('a member speaks for its group, one free member does not', () => {
    expect(names({
      without: ['nuts'],
    }, ...items)).toEqual(['frei', 'enthält', 'Spuren'])
    expect(asked({
      without: ['nuts'],
    })).toEqual(['unbekannt', 'nur Mandel frei'])
  })

  it('what is known to contain one is not asked for because of another', () => {
    const half = item('snack', 7, 'halb', {
      declarations: [
        { substance: 'milk', state: 'contains' },
      ],
    })
    const hits = applyFilter([
      section('snacks', 'a', 'A', [half]),
    ], {
      without: ['milk', 'eggs'],
    })
    expect([hits.shown, hits.ask.length]).toEqual([0, 0])
  })

  it('the asked ones must match everything else', () => {
    expect(asked({
      without: ['milk'],
      new: true,
    })).toEqual([])
    expect(asked({
      without: ['milk'],
      q: 'unbek',
    })).toEqual(['unbekannt'])
  })

  it('an unknown code is unknown data, never free', () => {
    expect(names({
      without: ['moonlight'],
    }, ...items)).toEqual([])
  })

  it('add-ons and components do not decide', () => {
    const topped = item('snack', 8, 'mit Käse', {
      add_ons: [
        {
          id: 'x',
          slug: 'x',
          name: 'Käse',
          name_lang: null,
          choice: null,
          price_cents: 100,
          diets: [],
          declarations: declare(['milk']),
          sold_out: false,
        },
      ],
    })
    expect(names({
      without: ['milk'],
    }, topped)).toEqual(['mit Käse'])
  })
})

describe('search', () => {
  const rioja = wine(1, 'Viña Ejemplo', 'red', { producer: 'Bodegas Peña' }, { description: 'Kirsche & Süßholz' })

  it.each([
    'vina',
    'VIÑA',
    'susshol',
    'rioja doca',
    'tempranillo',
    'peña',
    'elegant',
    'crianza',
    'rubrik',
    'graciano vina',
  ])('"%s" finds it', (q) => {
    expect(names({ q }, rioja)).toEqual(['Viña Ejemplo'])
  })

  it.each([
    'spanien',
    'vina weiß',
    'ejemplokirsche',
  ])('"%s" does not', (q) => {
    expect(names({ q }, rioja)).toEqual([])
  })
})

it('conditions are joined by and', () => {
  const items = [
    wine(1, 'A', 'red', {}, { new: true }),
    wine(2, 'B', 'red'),
    wine(3, 'C', 'white', {}, { new: true }),
  ]
  expect(names({
    color: ['red'],
    new: true,
    without: ['milk'],
  }, ...items)).toEqual(['A'])
})
