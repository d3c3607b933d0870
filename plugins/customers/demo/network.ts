import type { ImportService } from '../server/import/row-schema.ts'
import type { DemoCountry } from './countries.ts'

type Element = ImportService['networkElement']

export interface Home {
  readonly city: string
  readonly area: string
  readonly cell: Element
  readonly olt: Element
}

export interface DemoNetwork {
  homeOf(index: number): Home
}

const perElement = 60
/** Lines and fibre services per customer, as `demoRow` draws them. */
const mobilePerCustomer = 0.96
const fibrePerCustomer = 0.55

function elements(
  kind: Element['kind'],
  region: string,
  city: DemoCountry['cities'][number],
  cityIndex: number,
  count: number,
): Element[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(cityIndex * 1000 + index + 1).padStart(5, '0')
    const site = city.sites[index % city.sites.length] as string
    return {
      kind,
      id: `${kind}-${region}-${number}`,
      site: `${city.name} · ${site} ${Math.floor(index / city.sites.length) + 1}`,
    }
  })
}

/** Cells and OLTs for so many customers, spread evenly: 40 to 80 services share each. */
export function networkOf(region: string, country: DemoCountry, customers: number): DemoNetwork {
  const perCity = customers / country.cities.length
  const cells = Math.max(1, Math.round((perCity * mobilePerCustomer) / perElement))
  const olts = Math.max(1, Math.round((perCity * fibrePerCustomer) / perElement))
  const cities = country.cities.map((city, index) => ({
    ...city,
    cells: elements('cell', region, city, index, cells),
    olts: elements('olt', region, city, index, olts),
  }))
  return {
    homeOf(index) {
      const city = cities[index % cities.length] as (typeof cities)[number]
      const turn = Math.floor(index / cities.length)
      return {
        city: city.name,
        area: city.area,
        cell: city.cells[turn % cells] as Element,
        olt: city.olts[turn % olts] as Element,
      }
    },
  }
}
