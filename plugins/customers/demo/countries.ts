import { normalisePhone } from '../server/phones.ts'
import type { Country } from '../server/regions.ts'
import { scatter } from './random.ts'

/** What the people of a demo region are made of. */
export interface DemoCountry {
  readonly country: Country
  readonly language: string
  readonly currency: string
  readonly timeZone: string
  readonly women: readonly string[]
  readonly men: readonly string[]
  readonly surnames: readonly string[]
  readonly cities: readonly { readonly name: string; readonly area: string; readonly sites: readonly string[] }[]
  /** Monthly prices in the smallest unit that the currency is shown in (whole pesos in CO), cheapest plan first. */
  readonly prices: readonly number[]
  /** A mobile number as people of the country write it; each index another one. */
  mobile(index: number, area: string): string
}

function grouped(digits: string, ...sizes: readonly number[]): string[] {
  let start = 0
  return sizes.map((size) => digits.slice(start, (start += size)))
}

const brazil: DemoCountry = {
  country: 'BR',
  language: 'pt-BR',
  currency: 'BRL',
  timeZone: 'America/Sao_Paulo',
  women: [
    'Maria',
    'Ana',
    'Júlia',
    'Beatriz',
    'Larissa',
    'Mariana',
    'Fernanda',
    'Camila',
    'Letícia',
    'Patrícia',
    'Luíza',
    'Antônia',
    'Conceição',
    'Débora',
    'Simone',
    'Vitória',
  ],
  men: [
    'José',
    'João',
    'Antônio',
    'Francisco',
    'Carlos',
    'Paulo',
    'Pedro',
    'Lucas',
    'Luís',
    'Marcos',
    'Gabriel',
    'Rafael',
    'André',
    'Vinícius',
    'César',
    'Otávio',
  ],
  surnames: [
    'Silva',
    'Santos',
    'Oliveira',
    'Souza',
    'Rodrigues',
    'Ferreira',
    'Alves',
    'Pereira',
    'Lima',
    'Gomes',
    'Costa',
    'Ribeiro',
    'Martins',
    'Carvalho',
    'Araújo',
    'Mello',
    'Conceição',
    'Assunção',
    'Brandão',
    'Falcão',
    'Guimarães',
    'Magalhães',
  ],
  cities: [
    { name: 'São Paulo', area: '11', sites: ['Vila Mariana', 'Pinheiros', 'Tatuapé', 'Santana', 'Butantã'] },
    { name: 'Rio de Janeiro', area: '21', sites: ['Copacabana', 'Tijuca', 'Méier', 'Barra da Tijuca'] },
    { name: 'Belo Horizonte', area: '31', sites: ['Savassi', 'Pampulha', 'Barreiro'] },
    { name: 'Salvador', area: '71', sites: ['Barra', 'Itapuã', 'Brotas'] },
    { name: 'Curitiba', area: '41', sites: ['Batel', 'Água Verde', 'Portão'] },
    { name: 'Recife', area: '81', sites: ['Boa Viagem', 'Casa Forte', 'Várzea'] },
  ],
  prices: [4990, 7990, 11990],
  mobile(index, area) {
    const [middle, last] = grouped(String(70_000_000 + scatter(index, 10_000_000)), 4, 4)
    return `(${area}) 9${middle}-${last}`
  },
}

const mexico: DemoCountry = {
  country: 'MX',
  language: 'es-MX',
  currency: 'MXN',
  timeZone: 'America/Mexico_City',
  women: [
    'María',
    'Guadalupe',
    'Juana',
    'Margarita',
    'Verónica',
    'Leticia',
    'Alejandra',
    'Rocío',
    'Sofía',
    'Ximena',
    'Fernanda',
    'Itzel',
    'Adriana',
    'Lucía',
    'Mónica',
    'Araceli',
  ],
  men: [
    'José',
    'Juan',
    'Luis',
    'Carlos',
    'Jesús',
    'Miguel',
    'Jorge',
    'Ricardo',
    'Fernando',
    'Raúl',
    'Héctor',
    'Óscar',
    'Andrés',
    'Emiliano',
    'Santiago',
    'Íñigo',
  ],
  surnames: [
    'Hernández',
    'García',
    'Martínez',
    'López',
    'González',
    'Pérez',
    'Rodríguez',
    'Sánchez',
    'Ramírez',
    'Cruz',
    'Flores',
    'Gómez',
    'Morales',
    'Vázquez',
    'Jiménez',
    'Reyes',
    'Díaz',
    'Muñoz',
    'Ibáñez',
    'Zúñiga',
    'Ordóñez',
    'Peña',
  ],
  cities: [
    { name: 'Ciudad de México', area: '55', sites: ['Coyoacán', 'Roma Norte', 'Iztapalapa', 'Narvarte', 'Tlalpan'] },
    { name: 'Guadalajara', area: '33', sites: ['Providencia', 'Zapopan', 'Tlaquepaque'] },
    { name: 'Monterrey', area: '81', sites: ['San Pedro', 'Cumbres', 'Obispado'] },
    { name: 'Puebla', area: '222', sites: ['Angelópolis', 'La Paz', 'Cholula'] },
    { name: 'Mérida', area: '999', sites: ['Itzimná', 'Altabrisa', 'Chuburná'] },
    { name: 'Querétaro', area: '442', sites: ['Juriquilla', 'El Refugio', 'Centro Sur'] },
  ],
  prices: [24900, 39900, 59900],
  mobile(index, area) {
    const local =
      area.length === 2
        ? String(10_000_000 + scatter(index, 10_000_000) * 3)
        : String(1_000_000 + scatter(index, 1_000_000) * 3)
    const [middle, last] = grouped(local, local.length - 4, 4)
    return `${area} ${middle} ${last}`
  },
}

const colombia: DemoCountry = {
  country: 'CO',
  language: 'es-CO',
  currency: 'COP',
  timeZone: 'America/Bogota',
  women: [
    'María',
    'Luz',
    'Ana',
    'Claudia',
    'Sandra',
    'Paola',
    'Natalia',
    'Valentina',
    'Daniela',
    'Ángela',
    'Yolanda',
    'Adriana',
    'Camila',
    'Juliana',
    'Liliana',
    'Mónica',
  ],
  men: [
    'José',
    'Luis',
    'Carlos',
    'Juan',
    'Jorge',
    'Andrés',
    'Fabián',
    'Óscar',
    'Germán',
    'Mauricio',
    'Sebastián',
    'Felipe',
    'Nicolás',
    'Hernán',
    'Édgar',
    'Wílmer',
  ],
  surnames: [
    'Rodríguez',
    'Gómez',
    'González',
    'Martínez',
    'García',
    'López',
    'Hernández',
    'Sánchez',
    'Ramírez',
    'Pérez',
    'Díaz',
    'Muñoz',
    'Rojas',
    'Moreno',
    'Jiménez',
    'Vargas',
    'Ortiz',
    'Castañeda',
    'Ospina',
    'Londoño',
    'Cárdenas',
    'Patiño',
  ],
  cities: [
    { name: 'Bogotá', area: '310', sites: ['Chapinero', 'Usaquén', 'Suba', 'Kennedy', 'Teusaquillo'] },
    { name: 'Medellín', area: '300', sites: ['El Poblado', 'Laureles', 'Belén'] },
    { name: 'Cali', area: '315', sites: ['Granada', 'San Fernando', 'Ciudad Jardín'] },
    { name: 'Barranquilla', area: '301', sites: ['El Prado', 'Riomar', 'Boston'] },
    { name: 'Bucaramanga', area: '318', sites: ['Cabecera', 'Cañaveral', 'San Alonso'] },
    { name: 'Cartagena', area: '304', sites: ['Manga', 'Bocagrande', 'Getsemaní'] },
  ],
  prices: [39900, 59900, 89900],
  mobile(index, area) {
    const [middle, last] = grouped(String(scatter(index, 10_000_000)).padStart(7, '0'), 3, 4)
    return `${area} ${middle} ${last}`
  },
}

export const demoCountries: Readonly<Record<string, DemoCountry>> = { br: brazil, mx: mexico, co: colombia }

/** The number of this index, or the next one that the numbering plan knows. */
export function validMobile(country: DemoCountry, index: number, area: string): string {
  for (let attempt = 0; attempt < 50; attempt++) {
    const number = country.mobile(index + attempt * 3_000_017, area)
    if (normalisePhone(number, country.country) !== undefined) return number
  }
  throw new Error(`No valid number in area ${area} of ${country.country} near index ${index}.`)
}
