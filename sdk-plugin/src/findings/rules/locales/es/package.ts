import type { RuleDescription } from '../../index.ts'

const packAgain = 'Empaquete con `dcesop pack` y envíe el archivo tal cual: nunca escribe un paquete así.'

export const packageRules: Readonly<Record<string, RuleDescription>> = {
  'package-unreadable': {
    refuses: 'Bytes que no son un tarball gzip, o uno que está cortado.',
    why: 'No se puede decir nada de un paquete que no se puede leer hasta el final.',
    mend: `${packAgain} Un archivo que se cortó en el camino se envía otra vez.`,
  },
  'package-size': {
    refuses: 'Un tarball de más de 16 MiB.',
    why: 'Cada servidor guarda las versiones a las que puede volver, y los nodos pequeños del borde las descargan por líneas lentas.',
    mend: 'Deje fuera imágenes, datos y source maps. Lo que es grande y cambia va detrás de una ruta del backend, o en las colecciones del complemento mediante una migración.',
  },
  'package-hidden-character': {
    refuses: 'Un catálogo con un carácter que nadie ve: un código de control, una marca de dirección o uno sin ancho.',
    why: 'El nombre del complemento y sus motivos están en las pantallas de quienes deciden sobre él, y se leerían como otra cosa.',
    mend: 'Quítelo del mensaje. Ningún idioma de la consola lo necesita.',
  },
  'package-unpacked-size': {
    refuses: 'Archivos de más de 64 MiB una vez descomprimidos.',
    why: 'Un archivo comprimido pequeño puede crecer sin límite y llenar el disco del servidor.',
    mend: packAgain,
  },
  'package-file-count': {
    refuses: 'Más de 2000 archivos.',
    why: 'Se calcula el hash de cada archivo en cada arranque del servidor.',
    mend: 'Agrupe: el backend es un solo archivo, y la interfaz, unos pocos fragmentos.',
  },
  'package-entry-type': {
    refuses: 'Enlaces, dispositivos y todo lo que no sea un archivo normal.',
    why: 'Un enlace puede salir de la carpeta del paquete y convertir en uno solo dos archivos que se revisaron por separado.',
    mend: packAgain,
  },
  'package-unsafe-path': {
    refuses:
      'Rutas que salen del paquete, son absolutas, usan barras invertidas o letras de unidad, contienen caracteres de control o son más largas de lo que aceptan los sistemas de archivos.',
    why: 'Una ruta así escribe fuera de la carpeta del paquete, o se ve como otra cosa en listados y registros.',
    mend: 'Use rutas relativas y cortas, con barras normales.',
  },
  'package-duplicate': {
    refuses: 'Una ruta que está dos veces en el tarball, o que es a la vez archivo y carpeta.',
    why: 'Cada lector toma una distinta de las dos, así que lo que se revisó puede no ser lo que se ejecuta.',
    mend: 'Cambie el nombre de una de las dos.',
  },
  'package-case-collision': {
    refuses: 'Dos rutas que solo difieren en mayúsculas, o en cómo se escribe una tilde.',
    why: 'En macOS y Windows una ocuparía el lugar de la otra.',
    mend: 'Cambie el nombre de una de las dos.',
  },
  'package-json': {
    refuses: 'Un package.json que falta, no es un objeto JSON, tiene miembros del tipo equivocado, o más de 512 KiB.',
    why: 'Por él conocen el paquete npm y el registro.',
    mend: 'Deje que lo escriba `dcesop pack`; los campos propios van en el manifiesto con nombres que empiezan por `x-`.',
  },
  'package-install-script': {
    refuses: 'Scripts de package.json que npm ejecutaría al instalar.',
    why: 'Se ejecutarían con los permisos de quien instala, antes de que nadie mirara el complemento. El servidor instala sin npm, así que nunca hacen falta.',
    mend: 'Quite el script. Lo que debe pasar antes de la primera solicitud va en `start`; lo que cambia datos, en una migración.',
  },
  'package-bin': {
    refuses: 'Programas para la línea de comandos (`bin`, `directories.bin`).',
    why: 'Un complemento lo ejecuta el servidor, no una persona; un programa con su nombre podría hacerse pasar por otro.',
    mend: 'Quite ese miembro. Las herramientas para operadores son un paquete aparte.',
  },
  'package-native-code': {
    refuses: 'Módulos compilados (`.node`).',
    why: 'Funcionan fuera de todas las barreras que tiene JavaScript, y solo en un tipo de máquina.',
    mend: 'Use una biblioteca en JavaScript o WebAssembly, o ponga el trabajo detrás de un servicio al que el complemento llama.',
  },
  'package-node-modules': {
    refuses: 'Archivos dentro de una carpeta `node_modules`.',
    why: 'Lo que hay ahí no está en ningún SBOM y nadie lo ha revisado.',
    mend: 'Incluya en el backend lo que necesita; `dcesop pack` lo hace y lista cada paquete.',
  },
  'package-other-plugin': {
    refuses: 'Código de otro complemento entre lo empaquetado, según `sbom.cdx.json`.',
    why: 'Una copia funcionaría con los permisos de este complemento, sobre datos que no son suyos, y seguiría igual cuando el otro se corrija.',
    mend: 'Llámelo mediante una capacidad, eventos o un punto de extensión. Lo que comparten dos complementos es un paquete aparte, sin nombre de complemento.',
  },
  'package-eval-map': {
    refuses: 'Código construido como textos para `eval`, con su source map dentro.',
    why: 'Una página no puede ejecutarlo y nadie puede revisarlo.',
    mend: "Construya con un `devtool` que escriba archivos, como `'source-map'`, o sin ninguno.",
  },
  'package-file-list': {
    refuses: 'Un `dcesop.files.json` que falta o no se puede leer.',
    why: 'El servidor compara cada archivo con esta lista al instalar y en cada arranque.',
    mend: packAgain,
  },
  'package-unlisted-file': {
    refuses: 'Un archivo que no está en `dcesop.files.json`.',
    why: 'Se puso ahí después de empaquetar.',
    mend: packAgain,
  },
  'package-missing-file': {
    refuses: 'Un archivo de la lista que no está.',
    why: 'Se quitó después de empaquetar, o se perdió.',
    mend: packAgain,
  },
  'package-changed-file': {
    refuses: 'Un archivo cuyo tamaño o SHA-256 no es el de la lista.',
    why: 'Se cambió después de empaquetar; el editor respondió por otro.',
    mend: packAgain,
  },
  'package-signature-form': {
    refuses: 'Un `dcesop.files.dsse.json` que no es un sobre DSSE como el que escribe `dcesop pack --key`.',
    why: 'Una firma que no se puede leer no demuestra nada, y no debe parecer que sí.',
    mend: 'Empaquete de nuevo con `--key`, o sin firma donde la política lo permita.',
  },
  'package-signature-other': {
    refuses: 'Una firma sobre otra lista de archivos.',
    why: 'Se tomó de otro paquete, o hubo cambios después de firmar.',
    mend: 'Empaquete de nuevo con `--key`.',
  },
  'package-manifest': {
    refuses: 'Un `dcesop.plugin.json` que falta, no es un objeto JSON o tiene más de 512 KiB.',
    why: 'Sin él no se sabe qué es el complemento ni qué puede hacer.',
    mend: packAgain,
  },
  'package-version': {
    refuses: 'Versiones distintas en package.json y en el manifiesto.',
    why: 'El registro guarda el paquete con una, y el servidor con la otra.',
    mend: 'Cambie solo la versión del manifiesto; la otra la escribe `dcesop pack`.',
  },
  'package-name': {
    refuses: 'Un paquete que no se llama `@<publisher>/dcesop-<id>` según su manifiesto.',
    why: 'Un complemento podría hacerse pasar por el de otro editor.',
    mend: 'Defina `publisher` e `id` en el manifiesto; `dcesop pack` forma el nombre con ellos.',
  },
  'package-entry': {
    refuses: 'Una entrada del backend que no está en el paquete.',
    why: 'El complemento fallaría al arrancar, en todos los servidores.',
    mend: packAgain,
  },
  'package-ui': {
    refuses: 'Un manifiesto que declara páginas o paneles, sin `dist/ui/remoteEntry.js`.',
    why: 'La consola ofrecería lugares que quedan vacíos.',
    mend: 'Construya la interfaz (`dcesop pack` lo hace), o quítela del manifiesto.',
  },
  'package-locale': {
    refuses: 'Un idioma declarado sin su catálogo.',
    why: 'Las personas leerían ids de mensajes.',
    mend: 'Agregue el catálogo, o quite el idioma de `i18n.locales`.',
  },
  'package-migration': {
    refuses:
      'Un archivo de `migrations/` sin un nombre como `0001-what-it-does.cjs`, o un número que se usa dos veces.',
    why: 'Las migraciones se ejecutan en el orden de sus números, cada una una sola vez; el orden debe ser el mismo en todas partes.',
    mend: 'Numérelas de nuevo y conserve el número de las que alguna vez se publicaron.',
  },
  'contract-shape': {
    refuses: 'Un archivo de `contracts/` que no es un contrato, o más de 256 KiB en total.',
    why: 'Los proveedores ejecutan estos archivos en sus propias pruebas; uno que no se puede leer no obliga a nadie a nada.',
    mend: 'Escríbalo como un `Contract` de `@dcesop/sdk-plugin/testing`, en JSON, y úselo en sus propias pruebas con `contractDouble`.',
  },
  'contract-manifest': {
    refuses: 'Un contrato de otro complemento, o sobre una capacidad o un rango que el manifiesto no consume.',
    why: 'Los proveedores conservarían lo que nadie necesita, o romperían lo que alguien usa.',
    mend: 'Póngale el id del complemento como `consumer`, y la capacidad y el rango de `consumes`.',
  },
  'contract-record': {
    refuses:
      'Un `contracts.kept.json` que no es un registro de contratos, que corresponde a un backend distinto del que va en el paquete, o que trata de una capacidad que el complemento no ofrece.',
    why: 'El registro lo toma como la palabra del editor de que este mismo código cumplió los contratos de los consumidores.',
    mend: 'Deje que lo escriba `dcesop test`: si pasan todas las pruebas, anota cada contrato que `verifyContract` dio por cumplido con lo que respondió `host.capability`. Pruebas de jest o vitest: `dcesop test -- npx jest`. `dcesop pack` deja fuera un registro más viejo que el código.',
  },
  'ui-expose-missing': {
    refuses: 'Una página o extensión cuya unidad no está expuesta en la interfaz construida.',
    why: 'La consola la ofrecería para luego mostrar que no se puede cargar.',
    mend: 'Construya la interfaz con el mismo manifiesto que se empaqueta; la configuración del SDK expone lo que el manifiesto nombra.',
  },
  'ui-expose-undeclared': {
    refuses: 'Una unidad que la interfaz construida expone y el manifiesto no nombra.',
    why: 'Lo que se puede montar es lo que se revisó: su permiso, su lugar y su tamaño.',
    mend: 'Declárela, o no la exponga.',
  },
  'ui-entry-size': {
    refuses: 'Un `remoteEntry.js` de más de 16 KiB con gzip.',
    why: 'La consola carga la entrada de cada complemento antes de la primera página; quien atiende una llamada la espera.',
    mend: 'Comparta `vue` y `@dcesop/sdk-plugin/ui` con la consola, y cargue su propio código cuando haga falta, desde los módulos expuestos.',
  },
  'ui-size': {
    refuses: 'Scripts y estilos de más de 256 KiB en total con gzip, y estilos de más de 512 KiB sin gzip.',
    why: 'Una página debe abrirse en un segundo en la máquina vieja de un agente.',
    mend: 'Use una biblioteca más pequeña, importe solo lo que usa, o deje el trabajo al backend. El hallazgo nombra los archivos más grandes.',
  },
  'ui-global-selector': {
    refuses: 'Un estilo que va más allá de los elementos del complemento, o una hoja de estilo que no se puede leer.',
    why: 'Páginas de varios complementos están en un mismo documento; uno cambiaría el aspecto de los demás.',
    mend: 'Use estilos con alcance (scoped), o empiece el selector con `[data-plugin="<id>"]` o `.p-<id>`. Los nombres que valen en toda la página, como los de `@keyframes` o `@font-face`, empiezan por `<id>-`.',
  },
}
