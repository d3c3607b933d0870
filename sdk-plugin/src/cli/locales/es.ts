import type { CliTexts } from './en.ts'

export const es: CliTexts = {
  usage: `dcesop: construir, probar, revisar y publicar un complemento de DCESOP

  dcesop new DIR       [--template page|panel|backend|integration] [--id ID] [--publisher NOMBRE] [--sdk RANGO]
  dcesop dev   [DIR]   [--host URL]; construye, observa los cambios y lo muestra en una consola en marcha, solo a su autor
  dcesop build [DIR]   construye el backend y la interfaz en DIR/dist
  dcesop test  [DIR]   [--only NOMBRE] [--watch]; ejecuta sus pruebas en el servidor de prueba del SDK
  dcesop test  [DIR]   -- PROGRAMA …; lo mismo con otro ejecutor, por ejemplo: -- npx jest, -- npx vitest run
  dcesop check [DIR]   [--json]; revisa el manifiesto, los catálogos y la interfaz
  dcesop explain REGLA por qué una regla rechaza y qué hacer; de un CAMPO como ui, qué puede ser
  dcesop contracts [DIR]  [--registry URL]; descarga en DIR/consumers aquello en que confían los consumidores, para sus pruebas
  dcesop pack  [DIR]   [--out DIR] [--key ARCHIVO.pem]; construye, revisa y escribe ID-VERSIÓN.tgz

  dcesop update [DIR]  [--dry-run]; adapta el código fuente a lo que necesita este SDK

  dcesop keygen [ARCHIVO.pem]     crea la clave de un editor; publisher.pem si no se indica otro archivo
  dcesop register-key ARCHIVO.pem --publisher NOMBRE [--registry URL] [--before ANTERIOR.pem]
  dcesop publish [DIR]            --key ARCHIVO.pem [--registry URL] [--tag ETIQUETA]; empaqueta, firma y ejecuta npm publish
  dcesop verify ARCHIVO           [--keys pinned.json|key.pem] [--registry URL] [--max-age-days N]; un .tgz o un bundle
  dcesop yank NOMBRE@VERSIÓN      --class withdrawn|defect|security|legal --reason TEXTO [--deadline HORA] [--registry URL]
                                  --undo --reason TEXTO lo revierte
  dcesop incidents [COMPLEMENTO]  [--registry URL] [--json]; lo que los servidores informaron de sus versiones

  dcesop --version

DIR es la carpeta con dcesop.plugin.json; si no se indica, la actual. DCESOP_LANG=es|pt-BR|en elige el idioma.`,
  'main.unknown':
    '"{name}" no es un comando.{meant, select, none {} other { ¿Quiso decir {meant}?}} dcesop --help los muestra todos.',
  'main.word': 'Sobra la palabra "{word}".',
  'main.option': '{word} no es una de sus opciones. ¿Quiso decir {meant}?',
  'main.options': '{word} no es una de sus opciones. Las opciones son: {all}.',
  'main.value': '{option} necesita un valor.',
  'main.noValue': '{option} no admite un valor.',
  'main.more': 'Más información: dcesop explain {rule} (docs/rules/{rule}.md)',
  'system.missing': 'No existe {path}.',
  'system.program': 'No se encontró el programa "{path}".',
  'system.denied': 'No hay permiso para acceder a {path} ({code}).',
  'system.exists': '{path} ya existe.',
  'system.folder': '{path} es un archivo donde debe haber una carpeta.',
  'system.file': '{path} es una carpeta donde debe haber un archivo.',
  'system.full': 'No queda espacio para escribir {path}.',
  'registry.unnamed': 'Indique el registro con --registry URL.',
  'registry.access': 'Indique el registro con --registry URL e inicie sesión: npm login --registry URL',
  'registry.address': '"{named}" no es la dirección de un registro; una dirección empieza por https:// o http://.',
  'registry.token':
    'El registro no acepta el token de .npmrc (401). Inicie sesión de nuevo: npm login --registry {url}/',
  'registry.refused': 'El registro se negó ({status}): {sentence}',
  'registry.noJson': '{url} no responde como un registro: no hay un objeto JSON en {path}.',
  'registry.away': 'El registro no responde en {url}: {why}.',
  'registry.late':
    'El registro no responde en {url}: no llegó nada en {seconds, plural, one {# segundo} other {# segundos}}.',
  'registry.proxy': 'Defina NODE_USE_ENV_PROXY=1 para pasar por {proxy}.',
  'network.ECONNREFUSED': 'nadie escucha ahí',
  'network.ENOTFOUND': 'ese nombre no existe',
  'network.EAI_AGAIN': 'no se pudo resolver el nombre',
  'network.ECONNRESET': 'la conexión se cortó',
  'network.ETIMEDOUT': 'tarda demasiado',
  'network.EHOSTUNREACH': 'no hay camino hasta ahí',
  'network.ENETUNREACH': 'no hay camino hasta ahí',
  'network.UND_ERR_CONNECT_TIMEOUT': 'tarda demasiado',
  'network.UND_ERR_SOCKET': 'la conexión se cortó',
  'network.DEPTH_ZERO_SELF_SIGNED_CERT': 'su certificado está firmado solo por él mismo',
  'network.SELF_SIGNED_CERT_IN_CHAIN': 'su certificado lleva a una raíz que Node no conoce',
  'network.UNABLE_TO_VERIFY_LEAF_SIGNATURE': 'su certificado lleva a una raíz que Node no conoce',
  'network.UNABLE_TO_GET_ISSUER_CERT_LOCALLY': 'su certificado lleva a una raíz que Node no conoce',
  'network.CERT_HAS_EXPIRED': 'su certificado venció',
  'network.ERR_SSL_WRONG_VERSION_NUMBER': 'lo que responde no usa TLS; pruebe con http://',
  'network.ERR_TLS_CERT_ALTNAME_INVALID': 'su certificado es de otro nombre',
  'build.done': 'se construyó {id} {version}',
  'build.install': 'Instálelo, por ejemplo con "npm install {name}": pasa a formar parte de dist/server.cjs.',
  'build.config':
    '{file} debe exportar una función de forma predeterminada: (build: UiBuild) => webpack.Configuration.',
  'check.none': 'nada que corregir',
  'explain.unknown': '"{rule}" no es una regla del SDK; las de un registro están en sus páginas. ¿Quiso decir {meant}?',
  'explain.known':
    '"{rule}" no es una regla del SDK; las de un registro están en sus páginas. Las reglas son:\n\n{all}',
  'explain.unnamed': 'Indique una regla: dcesop explain REGLA. Las reglas son:\n\n{all}',
  'explain.rule': '{rule}, se aplica {when}\n\n{refuses}\n\nPor qué: {why}\n\nQué hacer: {mend}',
  'contracts.done':
    '{count, plural, =0 {ningún contrato} one {# contrato} other {# contratos}} de consumidores en {folder}',
  'contracts.other': '{url} no lista contratos; ¿es un registro de DCESOP?',
  'pack.done': 'se empaquetó {file} ({kib} KiB)',
  'key.make': '"dcesop keygen" crea una clave.',
  'key.public':
    '{file} es la mitad pública de una clave, que no firma nada. Indique la privada que escribió dcesop keygen.',
  'key.none': '{file} no es la clave privada de un editor: no contiene ninguna en formato PEM.',
  'key.locked': '{file} está protegida con una frase de contraseña, que este comando no puede pedir.',
  'key.algorithm': '{file} no es la clave privada de un editor: un editor firma con una clave Ed25519.',
  'key.unpinned': '{file} no contiene claves públicas: {why}',
  'key.unpinnedMembers': '{file} no contiene claves públicas: no hay ninguna en "root" ni en "publishers"',
  'update.nothing': '{id}: nada que cambiar',
  'update.0001-name-the-manifest-schema':
    'El manifiesto indica su esquema, para que los editores de código completen sus campos.',
  'update.0002-name-the-installed-schema':
    'El manifiesto indica el esquema del SDK instalado, que los editores encuentran sin red.',
  'update.upToDate': 'ya está al día',
  'update.dry': 'no se escribió nada',
  'update.done': 'listo; queda anotado en dcesop.update.json',
  'keygen.done':
    'clave {key}\n\n  {file}  guárdela en secreto: firma sus paquetes\n  {publicFile}  se puede dar a cualquiera',
  'keygen.exists': '{file} ya existe, y puede ser la única copia de una clave registrada. Indique otro archivo.',
  'registerKey.usage':
    'Indique la clave y su editor: dcesop register-key ARCHIVO.pem --publisher NOMBRE --registry URL',
  'registerKey.other': '{url} no confirma que registró {key}.',
  'registerKey.waits': 'se registró {key}; vale cuando la verifique un administrador del registro',
  'registerKey.replaces': 'se registró {key} en lugar de la clave anterior',
  'publish.unsigned': 'Indique --key ARCHIVO.pem. Solo un registro de prueba acepta un paquete con --unsigned.',
  'publish.started': 'publicando {name}@{version} en {registry}',
  'publish.name': 'El nombre en package.json debe ser "{form}".',
  'publish.registry': 'Indique el registro con --registry URL, o en .npmrc como "{scope}:registry=URL".',
  'publish.token': 'No hay un token para {url} en .npmrc: npm login --registry {url}/',
  'publish.there':
    '{name}@{version} ya está publicada y queda como está. Suba "version" en dcesop.plugin.json y package.json.',
  'verify.unnamed': 'Indique el archivo: dcesop verify ARCHIVO, un .tgz o un bundle.',
  'verify.days': '--max-age-days espera un número de días.',
  'verify.bundleKeys': 'Un bundle se comprueba con la clave raíz que usted fijó: indique --keys.',
  'verify.registryKeys': 'Se confía en un registro por la clave raíz que usted fijó: indique --keys.',
  'verify.verified': 'verificado',
  'verify.open': 'sin verificar',
  'verify.failed': 'FALLÓ',
  'verify.noRegistry': 'registro: su firma y sus aprobaciones no están en un tarball; indique --registry, o un bundle',
  'verify.keyList': 'claves: la lista {version} está firmada por la raíz fijada',
  'verify.snapshot': 'estado del registro: número {number} del {issuedAt}',
  'verify.listed': 'estado del registro: el número {number} del {issuedAt} lista estos bytes',
  'verify.unlisted': 'estado del registro: el número {number} no lista estos bytes ({why})',
  'verify.unknown': 'desconocidos',
  'verify.bundled':
    '{name}@{version}: con firma del registro, en la lista de su estado, {regions, select, none {sin aprobación para ninguna región} other {con aprobación para {regions}}}',
  'verify.bundle': 'bundle: {why} ({code})',
  'verify.registry': 'registro: {why} ({code})',
  'verify.rootHint': 'registro: {why} ({code}); --keys indica la clave raíz de este registro',
  'verify.registryAway': 'registro: {why}',
  'verify.signedBy': 'registro: {name}@{version} está firmado por {key}',
  'verify.content':
    '{id} {version}, sha512 {sha512}…: {files, plural, one {# archivo} other {# archivos}}, tal como dice su lista, nada que se rechace',
  'verify.unsigned': 'editor: el paquete no está firmado',
  'verify.claimed': 'editor: firmado por {keys}; indique --keys para comprobarlo',
  'verify.signers': 'editor: firmado por {keys}',
  'verify.noPinned': 'editor: ninguna de {keys} es una clave que usted fijó, o la firma no corresponde',
  'verify.noKnown':
    'editor: ninguna de {keys} es una clave de {scope} verificada por un administrador del registro, o la firma no corresponde',
  'refusal.unknown_version': 'No hay una versión {version} de {name}.',
  'refusal.unknown_package': 'No hay un paquete {name}.',
  'refusal.not_owner': 'Esto lo hacen su editor y los administradores.',
  'refusal.deadline_over': 'El plazo {deadline} ya pasó (el reloj del registro indica {now}).',
  'refusal.yank_of_class': 'Solo los administradores retiran por la clase {kind}.',
  'refusal.restore_of_class': 'Solo los administradores revierten un retiro de la clase {kind}.',
  'refusal.yanked_for': 'Ya está retirada por la clase {kind}.',
  'refusal.not_yanked': 'No está retirada.',
  'refusal.yanked_for_ever': 'Lo que se retiró por seguridad no vuelve: publique una versión nueva.',
  'refusal.no_channel': 'No hay un canal {channel}; los canales son: {channels}.',
  'refusal.in_channel': '{version} ya está en el canal {channel}.',
  'refusal.moved_yanked': '{version} está retirada.',
  'yank.usage': 'dcesop yank NOMBRE@VERSIÓN --class {classes} --reason TEXTO [--deadline HORA], o con --undo',
  'yank.reason': 'Diga por qué con --reason TEXTO; lo leerá quien lo instaló.',
  'yank.undoAlone': '--undo solo admite --reason.',
  'yank.noClass': 'Diga de qué clase es con --class: {classes}.',
  'yank.class': '--class {kind} no es ninguna de {classes}.',
  'yank.deadline': '--deadline {deadline} no es una hora como 2026-12-24T18:00:00Z.',
  'yank.version': 'Indique la versión, por ejemplo @acme/dcesop-radio@1.0.0.',
  'yank.undone': '{name}@{version} se ofrece de nuevo',
  'yank.done': '{name}@{version} se retiró ({kind})',
  'incidents.unnamed': 'Indique el complemento, o ejecútelo en la carpeta de uno: dcesop incidents [COMPLEMENTO]',
  'incidents.other': '{url} no lista incidentes; ¿es un registro de DCESOP?',
  'incidents.none': '{name}: ningún servidor informó nada en los últimos 90 días',
  'incidents.version': 'VERSIÓN',
  'incidents.times': 'VECES',
  'incidents.last': 'ÚLTIMA',
  'incidents.what': 'QUÉ PASÓ',
  'incidents.at': 'HORA',
  'incidents.host': 'SERVIDOR',
  'incidents.kind': 'CLASE',
  'incident.process_ended': 'cuarentena: su proceso terminó demasiadas veces',
  'incident.start_interrupted': 'no se arrancó de nuevo: el servidor se detuvo mientras arrancaba',
  'incident.canary_errors': 'prueba revertida: fallaron demasiadas solicitudes',
  'incident.canary_slow': 'prueba revertida: más lento de lo permitido',
  'incident.canary_screens': 'prueba revertida: fallaron sus pantallas',
  'incident.screens_failed': 'pantallas apagadas para alguien: fallaron una y otra vez',
  'incident.killed': 'detenido por dos administradores',
  'new.folder': 'Indique la carpeta del nuevo complemento.',
  'new.template': 'No hay una plantilla "{template}"; las plantillas son {templates}.',
  'new.id':
    '"{id}" no es un id de complemento: minúsculas, dígitos y guiones simples, 40 caracteres como máximo. Indique uno con --id.',
  'new.publisher':
    '"{publisher}" no es un scope de npm: minúsculas, dígitos, ".", "_" y "-". Indique el suyo con --publisher.',
  'new.notEmpty': '{folder} no está vacía.',
  'new.done': 'se creó {folder} ({template}). Ahora:\n\n  {next}',
  'test.runner':
    'Indique el ejecutor después de "--" y, después de su nombre, lo que debe ejecutar: -- npx jest server.',
  'test.only': 'Ninguna prueba tiene "{only}" en su nombre.',
  'test.sdk':
    'El SDK no está instalado en {folder} ni por encima. Ejecute ahí lo que instala paquetes, por ejemplo: npm install',
  'test.none': 'No hay ningún *.spec.ts en {folder}.',
  'test.kept': 'cumplido: el contrato de {consumer} sobre {capability} ({digest})',
  'test.standIn':
    "no se anotó: el contrato de {consumer} sobre {capability} se probó con un sustituto. Dé a verifyContract lo que devuelve host.capability(''{capability}'') de un servidor de prueba.",
  'dev.address': '"{host}" no es la dirección de un servidor; una dirección empieza por https:// o http://.',
  'dev.noHost': 'No hay un servidor en {host} ({why}). Indique uno con --host URL, o en DCESOP_HOST.',
  'dev.signIn': 'Inicie sesión en {host}, abra {page} y escriba {code}',
  'dev.connected': 'conectado a la sesión de {owner}; los demás no ven nada. Ctrl-C la termina.',
  'dev.shows': 'muestra {id} {version} ({seconds, number, ::.0} s)',
  'dev.away': 'El servidor dejó de responder ({why}).',
  'dev.noJson': 'lo que responde no es un servidor de DCESOP: no envió JSON',
  'dev.otherServer': 'lo que responde no es un servidor de DCESOP: no tiene /api/dev/sessions',
  'dev.refused': 'El servidor respondió {status}.',
  'problem.dev_overrides_off': 'Este servidor no acepta complementos en desarrollo.',
  'problem.dev_session_over': 'Esta sesión de desarrollo terminó.',
  'problem.package_refused': 'El paquete no pasa la revisión.',
  'problem.plugin_busy': 'Hay demasiadas sesiones de desarrollo abiertas.',
  'problem.plugin_start_failed': 'El servidor no pudo arrancar el complemento: {detail}',
}
