import type { RuleDescription } from '../../index.ts'

const selfContained = 'Escríbalo como JSON Schema 2020-12 con todas sus definiciones dentro.'

export const manifestRules: Readonly<Record<string, RuleDescription>> = {
  'manifest-shape': {
    refuses: 'Un manifiesto con un campo que falta, que no existe o que tiene una forma equivocada.',
    why: 'Un campo mal escrito no haría nada sin avisar: un permiso que no se pide, una página que no está.',
    mend: 'La referencia del manifiesto tiene una página por campo. Las notas propias van en el nivel superior con nombres que empiezan por `x-`.',
  },
  'manifest-duplicate': {
    refuses: 'Un nombre declarado dos veces donde debe ser único: rutas, permisos, páginas, temas y similares.',
    why: 'Cuál de los dos vale dependería de quién lo lee.',
    mend: 'Deje solo uno.',
  },
  'manifest-route-path': {
    refuses: 'Una ruta cuyo camino no se puede servir, o que coincide con las mismas direcciones que otra.',
    why: 'Una solicitud debe llevar a una sola ruta; si no, los permisos de una abrirían la otra.',
    mend: 'Escriba los parámetros como `{name}`, al final también como `{name?}` o `{name*}`, y dé a cada ruta un camino distinto.',
  },
  'manifest-health': {
    refuses: 'Un camino de salud que no es una ruta GET declarada, y cualquier otra ruta bajo `/_`.',
    why: 'Los caminos bajo `/_` son solo para el servidor; a una ruta de ahí que él no consulta no llegaría nadie.',
    mend: 'Declare entre las rutas el camino de `backend.health`, y dé a las demás caminos que no empiecen por `/_`.',
  },
  'manifest-own-collections': {
    refuses: 'Una colección cuyo nombre no empieza por el id del complemento.',
    why: 'Un complemento solo es dueño de sus propios datos; los de otros se les piden mediante capacidades.',
    mend: 'Cámbiele el nombre; los datos guardados se renombran con una migración.',
  },
  'manifest-own-topics': {
    refuses: 'Un tema publicado cuyo nombre no empieza por el id del complemento.',
    why: 'Quienes se suscriben confían en que un tema viene del complemento cuyo nombre lleva.',
    mend: 'Cámbiele el nombre. A los temas de otros es posible suscribirse.',
  },
  'manifest-own-permissions': {
    refuses: 'Un permiso definido cuyo nombre no empieza por el id del complemento y dos puntos.',
    why: 'Quien define un permiso dice qué funciones lo tienen: nadie abre lo que es de otro complemento o de la plataforma.',
    mend: 'Cámbiele el nombre. Las rutas, páginas y temas pueden nombrar permisos de otros complementos sin definirlos.',
  },
  'manifest-reserved-point': {
    refuses: 'Un punto de extensión con un nombre de la consola.',
    why: 'Lo que otros destinaron a la consola se dibujaría dentro del complemento.',
    mend: 'Elija un nombre que empiece por el id del complemento.',
  },
  'manifest-context-schema': {
    refuses: 'Un esquema de contexto de un punto de extensión que no es un esquema utilizable de un objeto.',
    why: 'Los paneles de otros confían en lo que reciben; la consola lo comprueba con este esquema.',
    mend: `${selfContained} Su tipo es "object".`,
  },
  'manifest-point-height': {
    refuses: 'Un punto de extensión cuya altura mínima es mayor que la máxima.',
    why: 'Ninguna extensión podría cumplir las dos.',
    mend: 'Haga que `minHeight` no supere a `maxHeight`.',
  },
  'manifest-when': {
    refuses:
      'Un `when` de una extensión que no se puede interpretar, o que pregunta por un nombre, una función o un valor que no existe.',
    why: 'La consola decide con él qué mostrar, sin ejecutar código; lo que no puede interpretar, o nunca se cumple, nunca se muestra.',
    mend: "Escriba comparaciones (`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`) de `context.…` y `user.…` con textos entre comillas simples, números, `true`, `false`, `null` y listas entre `[ ]`, unidas con `&&`, `||`, `!` y paréntesis. Un camino que pasa por una lista da los miembros de sus elementos: `'fibre' in context.services.technology`.",
  },
  'manifest-csp': {
    refuses: 'Un origen en `ui.csp` para cuyo host el complemento no pide `http:egress`, o cuyo puerto no es válido.',
    why: 'Por donde la página puede salir, pueden salir los datos; quien revisa lo concede como cualquier otra salida.',
    mend: 'Agregue una solicitud de `http:egress` con el host como `name`, o como `name:port` si el origen tiene puerto. No se admiten scripts ni estilos de otros sitios, comodines, `http:` ni `data:`.',
  },
  'manifest-config-schema': {
    refuses: 'Un esquema de la configuración que no es un JSON Schema utilizable.',
    why: 'Con él se comprueba la configuración del operador antes de arrancar el complemento.',
    mend: selfContained,
  },
  'manifest-hidden-character': {
    refuses: 'Un texto con un carácter que nadie ve: un código de control, una marca de dirección o uno sin ancho.',
    why: 'Hace que se lea un texto distinto del que hay, por ejemplo un host al revés, y quienes revisan deciden por lo que leen.',
    mend: 'Quítelo. Las tabulaciones y los saltos de línea pueden quedar.',
  },
  'manifest-endless': {
    refuses: 'Un manifiesto cuya revisión tarda segundos, por ejemplo por un patrón del esquema de su configuración.',
    why: 'Mientras lo revisa, el servidor no atiende a nadie.',
    mend: 'Escriba patrones sin repeticiones dentro de repeticiones, y definiciones que no se refieran unas a otras una y otra vez.',
  },
  'manifest-consumes-own': {
    refuses: 'Una capacidad que el complemento consume y ofrece él mismo.',
    why: 'Se esperaría a sí mismo al arrancar, y se detendría a sí mismo cada vez que se detiene.',
    mend: 'Llame directamente a su propio código.',
  },
  'manifest-conflict': {
    refuses:
      'Un conflicto que no indica ni un complemento ni una capacidad, que indica ambos, o que es con el propio complemento.',
    why: 'Con él un servidor no dejaría fuera nada, o dejaría fuera al propio complemento.',
    mend: 'Indique `plugin` o `capability`, con las versiones de que se trata.',
  },
  'manifest-requires': {
    refuses: 'Un `regions.requires` que no es el id de otro complemento con un rango de versiones.',
    why: 'Lo que debe estar a su lado no se encontraría nunca, y el complemento nunca se instalaría.',
    mend: 'Escriba `regional-compliance@^2`, o solo el id para cualquier versión.',
  },
  'manifest-request': {
    refuses: 'Una solicitud de permiso que no dice sobre qué o, para datos de clientes, para qué.',
    why: 'Quien revisa decide por ella y el servidor concede por ella: lo que no se puede interpretar no se concede a nadie.',
    mend: '`http:egress` indica un host como `name` o `name:port`; `secrets:use`, un secreto; `events:…`, un tema con su versión; `customer:…`, una finalidad. Cada host es una solicitud aparte: no hay comodines.',
  },
  'manifest-page-path': {
    refuses: 'Una página en una dirección de la consola o del servidor.',
    why: 'Ahí responden ellos; la página estaría en la navegación y nunca se abriría.',
    mend: 'Empiece el camino con otra palabra, como el id del complemento.',
  },
  'manifest-unknown-point': {
    refuses: 'Una extensión de un punto bajo `dashboard.` que la consola no tiene.',
    why: 'No estaría en ninguna parte, y nadie lo sabría.',
    mend: 'Los widgets del tablero tienen el punto `dashboard.widget/v1`. Los puntos de otros complementos se pueden nombrar, estén instalados o no.',
  },
  'manifest-config-secret': {
    refuses:
      'Un puntero de `config.secrets` a algo que no está en el esquema de la configuración, o que tiene ahí un valor predeterminado.',
    why: 'El valor en cuestión se guardaría y se mostraría como cualquier otro; un valor predeterminado lo conoce todo el que tiene el paquete.',
    mend: 'Escríbalo como puntero JSON a la propiedad: `/apiKey`, `/mail/password`. El valor lo da el operador; si el complemento no puede funcionar sin él, declárelo en `required`.',
  },
  'manifest-data-version': {
    refuses: 'Un complemento que no podría leer lo que escribe: `minReadable` mayor que `schemaVersion`.',
    why: 'No podría arrancar por segunda vez ni reemplazarse a sí mismo.',
    mend: '`schemaVersion` es lo que este código escribe; `minReadable`, lo más antiguo que lee.',
  },
  'manifest-regions': {
    refuses: 'Una región que está en `regions.allow` y en `regions.deny`.',
    why: 'Cuál de las dos vale dependería de quién lo lee.',
    mend: 'Quítela de una de las dos.',
  },
  'manifest-locales': {
    refuses: 'Un complemento sin uno de los idiomas es, pt-BR y en.',
    why: 'Agentes de Brasil, México y Colombia trabajan en una misma consola; nadie debe encontrarse con una página que no puede leer.',
    mend: 'Agregue el catálogo y declare el idioma. Los regionales (es-MX, es-CO) solo tienen lo que cambia.',
  },
}
