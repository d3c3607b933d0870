import type { RuleDescription } from '../../index.ts'

export const sourceRules: Readonly<Record<string, RuleDescription>> = {
  'source-missing': {
    refuses: 'Un archivo que la carpeta de un complemento debe tener y no está.',
    why: 'No hay nada que empaquetar.',
    mend: 'Indique la carpeta de un complemento; `dcesop new` crea una.',
  },
  'source-unreadable': {
    refuses: 'Un archivo del complemento que no se puede leer.',
    why: 'Un paquete debe ser todo lo que escribió su autor.',
    mend: 'Dese permiso de lectura sobre él.',
  },
  'source-json': {
    refuses: 'Un archivo JSON que no lo es.',
    why: 'Un manifiesto o un catálogo que un lector acepta y otro no sería distinto de un servidor a otro.',
    mend: 'Corríjalo en el lugar que indica el hallazgo: sin comentarios, sin coma al final, cada nombre una sola vez.',
  },
  'source-engine': {
    refuses: 'Un rango `engines.sdk` que no incluye el SDK con el que se compila el complemento.',
    why: 'Un servidor cuyo SDK queda fuera del rango no acepta el complemento, y con los otros nunca se probó.',
    mend: 'Indique el SDK instalado, o instale uno del rango. `dcesop dev` dice qué parte de `engines` no cumple el servidor.',
  },
  'source-permission': {
    refuses:
      'Un permiso propio del complemento que pide una ruta, página, extensión o tema y que el manifiesto no define.',
    why: 'Nadie podría tenerlo nunca, así que se rechazaría a todos.',
    mend: 'Defínalo en `permissions.defines`, o corrija su nombre. Los permisos de otros complementos se pueden nombrar; existen donde esos están instalados.',
  },
  'source-unit': {
    refuses: 'Una página o extensión cuyo `expose` no es el nombre de ningún archivo: `estimate` es `ui/estimate.ts`.',
    why: 'No habría nada que mostrar.',
    mend: 'Escriba el archivo con una unidad (`definePage`, `definePanel`) como exportación predeterminada, o corrija el nombre.',
  },
  'source-export': {
    refuses: 'Un `server/main.ts`, o una página o extensión, sin exportación predeterminada.',
    why: 'Es lo que el servidor arranca y la consola monta; sin ella no ocurre ninguna de las dos cosas.',
    mend: 'Exporte de forma predeterminada lo que devuelve `definePlugin`, `definePage` o `definePanel`.',
  },
  'source-undeclared': {
    refuses:
      'Una ruta, tarea o colección que aparece por su nombre en el código del backend y que el manifiesto no declara.',
    why: 'El servidor compara el código con el manifiesto, y no arranca lo que hace más de lo que dice.',
    mend: 'Declárela: quien revisa decide solo por el manifiesto.',
  },
  'source-unregistered': {
    refuses: 'Una ruta del manifiesto que nada registra en el backend, donde se puede leer todo lo que se registra.',
    why: 'El servidor no arranca un complemento al que le falta lo que declara.',
    mend: 'Regístrela al arrancar el complemento con `context.route`, o quítela del manifiesto.',
  },
  'source-link': {
    refuses: 'Un enlace simbólico entre los archivos del paquete.',
    why: 'Un paquete solo tiene archivos normales, así que se quedaría fuera sin avisar.',
    mend: 'Ponga ahí el archivo mismo.',
  },
  'i18n-empty': {
    refuses: 'Un mensaje sin texto.',
    why: 'Las personas verían un título o un botón vacío.',
    mend: 'Escriba el texto, o quite el mensaje de todos los catálogos.',
  },
  'i18n-unknown': {
    refuses: 'Un mensaje que la interfaz pide con un id fijo (`text.t(…)`) y que el catálogo predeterminado no tiene.',
    why: 'Las personas leerían el id.',
    mend: 'Agréguelo a todos los catálogos, o corrija el id.',
  },
  'ui-literal-text': {
    refuses:
      'Palabras de una plantilla que no vienen de un catálogo, entre etiquetas o en un atributo que las personas leen.',
    why: 'Agentes y clientes leen español, portugués e inglés; esto estaría en un solo idioma para todos.',
    mend: 'Póngalo como mensaje. Un nombre que es igual en todos los idiomas se marca con `translate="no"`.',
  },
  'i18n-missing': {
    refuses: 'Un mensaje que falta en uno de los idiomas completos.',
    why: 'Las personas lo leerían en otro idioma, o leerían su id.',
    mend: 'Tradúzcalo.',
  },
  'i18n-orphan': {
    refuses: 'Un mensaje de un catálogo regional (es-MX) que su idioma (es) no tiene.',
    why: 'Todos los demás leerían su id.',
    mend: 'Agréguelo al idioma, o quítelo.',
  },
  'i18n-redundant': {
    refuses: 'Un mensaje de un catálogo regional que dice lo mismo que su idioma.',
    why: 'Oculta el próximo cambio del mensaje del idioma.',
    mend: 'Quítelo del catálogo regional.',
  },
  'i18n-parse': {
    refuses: 'Un mensaje que no es un mensaje ICU.',
    why: 'Se mostraría como texto sin procesar, o como su id.',
    mend: "Corríjalo en el lugar que indica el hallazgo; una llave se escribe `'{'`.",
  },
  'i18n-arguments': {
    refuses: 'Un mensaje cuyos argumentos no son los del mismo mensaje en el idioma predeterminado.',
    why: 'A la frase le faltaría un nombre o una cifra.',
    mend: 'Use los mismos argumentos, en el orden que pida el idioma.',
  },
  'i18n-plural': {
    refuses:
      'Un plural sin las formas que tiene su idioma: `one` y `other`; el español y el portugués tienen `many` para los millones.',
    why: '“1 minutos” suena a máquina.',
    mend: 'Agregue la forma que indica el hallazgo.',
  },
  'i18n-markup': {
    refuses: 'Un mensaje que contiene HTML.',
    why: 'Con marcado en los textos una traducción puede ejecutar código, y además se ve tal cual.',
    mend: 'Deje el marcado en los componentes y dé a cada parte su propio mensaje.',
  },
  'i18n-manifest-key': {
    refuses: 'Un id de mensaje en el manifiesto que el catálogo predeterminado no tiene.',
    why: 'Los títulos y motivos se muestran antes de cargar el complemento, solo con sus catálogos.',
    mend: 'Agréguelo a todos los catálogos.',
  },
  'ui-image-text': {
    refuses: 'Una imagen sin `alt` en una plantilla.',
    why: 'Un lector de pantalla leería el nombre del archivo, o pasaría por alto lo que dice la imagen.',
    mend: 'Diga qué muestra; `alt=""` es correcto para una que solo decora.',
  },
  'ui-control-name': {
    refuses: 'Un botón o enlace en una plantilla sin nada dentro que se pueda leer en voz alta.',
    why: 'Quien no ve su icono oye “botón”, y el control por voz no tiene palabra para él.',
    mend: 'Escriba su texto dentro, o póngale `aria-label` con un mensaje del catálogo.',
  },
  'ui-field-label': {
    refuses: 'Un campo en una plantilla sin etiqueta que lo rodee, sin `id` para una, y sin nombre propio.',
    why: 'Quien no ve lo que hay al lado no sabe qué escribir.',
    mend: 'Use los componentes de campo de `@dcesop/sdk-plugin/ui`, o ponga el campo dentro de un `<label>`.',
  },
  'ui-click-only': {
    refuses: 'Un elemento de una plantilla que reacciona a clics y no es un control ni dice con `role` qué es.',
    why: 'Quien no usa el ratón no puede hacer lo que hace ese elemento.',
    mend: 'Use un `<button>`. Uno que solo duplica un control, como lo que está detrás de un diálogo, lleva `role="presentation"`.',
  },
  'ui-tab-order': {
    refuses: 'Un `tabindex` mayor que 0 en una plantilla.',
    why: 'Se adelanta a todo lo demás de la página, incluido lo de la consola y lo de otros complementos.',
    mend: 'Ponga los elementos en el orden en que se usan, y use 0 o -1.',
  },
}
