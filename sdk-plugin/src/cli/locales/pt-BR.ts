import type { CliTexts } from './en.ts'

export const ptBR: CliTexts = {
  usage: `dcesop: construir, testar, verificar e publicar um plugin do DCESOP

  dcesop new DIR       [--template page|panel|backend|integration] [--id ID] [--publisher NOME] [--sdk INTERVALO]
  dcesop dev   [DIR]   [--host URL]; faz o build, observa as mudanças e mostra o plugin em um console em execução, só ao autor
  dcesop build [DIR]   faz o build do backend e da interface em DIR/dist
  dcesop test  [DIR]   [--only NOME] [--watch]; executa os testes no servidor de teste do SDK
  dcesop test  [DIR]   -- PROGRAMA …; o mesmo com outro executor, por exemplo: -- npx jest, -- npx vitest run
  dcesop check [DIR]   [--json]; verifica o manifesto, os catálogos e a interface
  dcesop explain REGRA por que uma regra recusa e o que fazer; de um CAMPO como ui, o que pode ser
  dcesop contracts [DIR]  [--registry URL]; baixa em DIR/consumers aquilo em que os consumidores confiam, para os testes
  dcesop pack  [DIR]   [--out DIR] [--key ARQUIVO.pem]; faz o build, verifica e grava ID-VERSÃO.tgz

  dcesop update [DIR]  [--dry-run]; adapta o código-fonte ao que este SDK precisa

  dcesop keygen [ARQUIVO.pem]     cria a chave de um editor; publisher.pem se nenhum arquivo for indicado
  dcesop register-key ARQUIVO.pem --publisher NOME [--registry URL] [--before ANTERIOR.pem]
  dcesop publish [DIR]            --key ARQUIVO.pem [--registry URL] [--tag TAG]; empacota, assina e executa npm publish
  dcesop verify ARQUIVO           [--keys pinned.json|key.pem] [--registry URL] [--max-age-days N]; um .tgz ou um bundle
  dcesop yank NOME@VERSÃO         --class withdrawn|defect|security|legal --reason TEXTO [--deadline HORA] [--registry URL]
                                  --undo --reason TEXTO desfaz
  dcesop incidents [PLUGIN]       [--registry URL] [--json]; o que os servidores informaram das versões dele

  dcesop --version

DIR é a pasta com dcesop.plugin.json; se não for indicada, a atual. DCESOP_LANG=es|pt-BR|en escolhe o idioma.`,
  'main.unknown':
    '"{name}" não é um comando.{meant, select, none {} other { Você quis dizer {meant}?}} dcesop --help mostra todos.',
  'main.word': 'A palavra "{word}" está sobrando.',
  'main.option': '{word} não é uma das opções. Você quis dizer {meant}?',
  'main.options': '{word} não é uma das opções. As opções são: {all}.',
  'main.value': '{option} precisa de um valor.',
  'main.noValue': '{option} não aceita um valor.',
  'main.more': 'Mais informações: dcesop explain {rule} (docs/rules/{rule}.md)',
  'system.missing': '{path} não existe.',
  'system.program': 'O programa "{path}" não foi encontrado.',
  'system.denied': 'Sem permissão para acessar {path} ({code}).',
  'system.exists': '{path} já existe.',
  'system.folder': '{path} é um arquivo onde deve haver uma pasta.',
  'system.file': '{path} é uma pasta onde deve haver um arquivo.',
  'system.full': 'Não há mais espaço para gravar {path}.',
  'registry.unnamed': 'Indique o registro com --registry URL.',
  'registry.access': 'Indique o registro com --registry URL e faça login: npm login --registry URL',
  'registry.address': '"{named}" não é o endereço de um registro; um endereço começa com https:// ou http://.',
  'registry.token': 'O registro não aceita o token do .npmrc (401). Faça login de novo: npm login --registry {url}/',
  'registry.refused': 'O registro recusou ({status}): {sentence}',
  'registry.noJson': '{url} não responde como um registro: não há um objeto JSON em {path}.',
  'registry.away': 'O registro não responde em {url}: {why}.',
  'registry.late':
    'O registro não responde em {url}: nada chegou em {seconds, plural, one {# segundo} other {# segundos}}.',
  'registry.proxy': 'Defina NODE_USE_ENV_PROXY=1 para passar por {proxy}.',
  'network.ECONNREFUSED': 'ninguém escuta ali',
  'network.ENOTFOUND': 'esse nome não existe',
  'network.EAI_AGAIN': 'não foi possível resolver o nome',
  'network.ECONNRESET': 'a conexão caiu',
  'network.ETIMEDOUT': 'demora demais',
  'network.EHOSTUNREACH': 'não há caminho até lá',
  'network.ENETUNREACH': 'não há caminho até lá',
  'network.UND_ERR_CONNECT_TIMEOUT': 'demora demais',
  'network.UND_ERR_SOCKET': 'a conexão caiu',
  'network.DEPTH_ZERO_SELF_SIGNED_CERT': 'o certificado dele é assinado só por ele mesmo',
  'network.SELF_SIGNED_CERT_IN_CHAIN': 'o certificado dele leva a uma raiz que o Node não conhece',
  'network.UNABLE_TO_VERIFY_LEAF_SIGNATURE': 'o certificado dele leva a uma raiz que o Node não conhece',
  'network.UNABLE_TO_GET_ISSUER_CERT_LOCALLY': 'o certificado dele leva a uma raiz que o Node não conhece',
  'network.CERT_HAS_EXPIRED': 'o certificado dele venceu',
  'network.ERR_SSL_WRONG_VERSION_NUMBER': 'o que responde não usa TLS; tente http://',
  'network.ERR_TLS_CERT_ALTNAME_INVALID': 'o certificado dele é de outro nome',
  'build.done': 'build de {id} {version} concluído',
  'build.install': 'Instale-o, por exemplo com "npm install {name}": ele passa a fazer parte de dist/server.cjs.',
  'build.config': '{file} deve exportar uma função por padrão: (build: UiBuild) => webpack.Configuration.',
  'check.none': 'nada a corrigir',
  'explain.unknown':
    '"{rule}" não é uma regra do SDK; as de um registro estão nas páginas dele. Você quis dizer {meant}?',
  'explain.known': '"{rule}" não é uma regra do SDK; as de um registro estão nas páginas dele. As regras são:\n\n{all}',
  'explain.unnamed': 'Indique uma regra: dcesop explain REGRA. As regras são:\n\n{all}',
  'explain.rule': '{rule}, aplicada {when}\n\n{refuses}\n\nPor quê: {why}\n\nO que fazer: {mend}',
  'contracts.done':
    '{count, plural, =0 {nenhum contrato} one {# contrato} other {# contratos}} de consumidores em {folder}',
  'contracts.other': '{url} não lista contratos; é um registro do DCESOP?',
  'pack.done': '{file} empacotado ({kib} KiB)',
  'key.make': '"dcesop keygen" cria uma chave.',
  'key.public':
    '{file} é a metade pública de uma chave, que não assina nada. Indique a privada que o dcesop keygen gravou.',
  'key.none': '{file} não é a chave privada de um editor: não contém nenhuma em formato PEM.',
  'key.locked': '{file} está protegida por uma frase secreta, que este comando não pode pedir.',
  'key.algorithm': '{file} não é a chave privada de um editor: um editor assina com uma chave Ed25519.',
  'key.unpinned': '{file} não contém chaves públicas: {why}',
  'key.unpinnedMembers': '{file} não contém chaves públicas: não há nenhuma em "root" nem em "publishers"',
  'update.nothing': '{id}: nada a mudar',
  'update.0001-name-the-manifest-schema':
    'O manifesto indica o esquema dele, para que os editores de código completem os campos.',
  'update.0002-name-the-installed-schema':
    'O manifesto indica o esquema do SDK instalado, que os editores encontram sem rede.',
  'update.upToDate': 'já está em dia',
  'update.dry': 'nada foi gravado',
  'update.done': 'pronto; o registro está em dcesop.update.json',
  'keygen.done':
    'chave {key}\n\n  {file}  mantenha em segredo: ela assina os seus pacotes\n  {publicFile}  pode ser dada a qualquer pessoa',
  'keygen.exists': '{file} já existe, e pode ser a única cópia de uma chave registrada. Indique outro arquivo.',
  'registerKey.usage':
    'Indique a chave e o editor dela: dcesop register-key ARQUIVO.pem --publisher NOME --registry URL',
  'registerKey.other': '{url} não confirma que registrou {key}.',
  'registerKey.waits': '{key} registrada; ela vale assim que um administrador do registro a verificar',
  'registerKey.replaces': '{key} registrada no lugar da chave anterior',
  'publish.unsigned': 'Indique --key ARQUIVO.pem. Só um registro de testes aceita um pacote com --unsigned.',
  'publish.started': 'publicando {name}@{version} em {registry}',
  'publish.name': 'O nome em package.json deve ser "{form}".',
  'publish.registry': 'Indique o registro com --registry URL, ou no .npmrc como "{scope}:registry=URL".',
  'publish.token': 'Não há um token para {url} no .npmrc: npm login --registry {url}/',
  'publish.there':
    '{name}@{version} já está publicada e fica como está. Aumente "version" em dcesop.plugin.json e package.json.',
  'verify.unnamed': 'Indique o arquivo: dcesop verify ARQUIVO, um .tgz ou um bundle.',
  'verify.days': '--max-age-days espera um número de dias.',
  'verify.bundleKeys': 'Um bundle é verificado com a chave raiz que você fixou: indique --keys.',
  'verify.registryKeys': 'Confia-se em um registro pela chave raiz que você fixou: indique --keys.',
  'verify.verified': 'verificado',
  'verify.open': 'não verificado',
  'verify.failed': 'FALHOU',
  'verify.noRegistry':
    'registro: a assinatura e as aprovações dele não estão em um tarball; indique --registry, ou um bundle',
  'verify.keyList': 'chaves: a lista {version} está assinada pela raiz fixada',
  'verify.snapshot': 'estado do registro: número {number} de {issuedAt}',
  'verify.listed': 'estado do registro: o número {number} de {issuedAt} lista estes bytes',
  'verify.unlisted': 'estado do registro: o número {number} não lista estes bytes ({why})',
  'verify.unknown': 'desconhecidos',
  'verify.bundled':
    '{name}@{version}: com assinatura do registro, na lista do estado dele, {regions, select, none {sem aprovação para nenhuma região} other {com aprovação para {regions}}}',
  'verify.bundle': 'bundle: {why} ({code})',
  'verify.registry': 'registro: {why} ({code})',
  'verify.rootHint': 'registro: {why} ({code}); --keys indica a chave raiz deste registro',
  'verify.registryAway': 'registro: {why}',
  'verify.signedBy': 'registro: {name}@{version} está assinado por {key}',
  'verify.content':
    '{id} {version}, sha512 {sha512}…: {files, plural, one {# arquivo} other {# arquivos}}, como diz a lista, nada que seja recusado',
  'verify.unsigned': 'editor: o pacote não está assinado',
  'verify.claimed': 'editor: assinado por {keys}; indique --keys para verificar',
  'verify.signers': 'editor: assinado por {keys}',
  'verify.noPinned': 'editor: nenhuma de {keys} é uma chave que você fixou, ou a assinatura não confere',
  'verify.noKnown':
    'editor: nenhuma de {keys} é uma chave de {scope} verificada por um administrador do registro, ou a assinatura não confere',
  'refusal.unknown_version': 'Não há uma versão {version} de {name}.',
  'refusal.unknown_package': 'Não há um pacote {name}.',
  'refusal.not_owner': 'Isso é feito pelo editor e pelos administradores.',
  'refusal.deadline_over': 'O prazo {deadline} já passou (o relógio do registro indica {now}).',
  'refusal.yank_of_class': 'Só administradores retiram pela classe {kind}.',
  'refusal.restore_of_class': 'Só administradores desfazem uma retirada da classe {kind}.',
  'refusal.yanked_for': 'Já está retirada pela classe {kind}.',
  'refusal.not_yanked': 'Não está retirada.',
  'refusal.yanked_for_ever': 'O que foi retirado por segurança não volta: publique uma nova versão.',
  'refusal.no_channel': 'Não existe o canal {channel}; os canais são: {channels}.',
  'refusal.in_channel': '{version} já está no canal {channel}.',
  'refusal.moved_yanked': '{version} está retirada.',
  'yank.usage': 'dcesop yank NOME@VERSÃO --class {classes} --reason TEXTO [--deadline HORA], ou com --undo',
  'yank.reason': 'Diga por que com --reason TEXTO; quem instalou vai ler isso.',
  'yank.undoAlone': '--undo só aceita --reason.',
  'yank.noClass': 'Diga de que classe é com --class: {classes}.',
  'yank.class': '--class {kind} não é nenhuma de {classes}.',
  'yank.deadline': '--deadline {deadline} não é uma hora como 2026-12-24T18:00:00Z.',
  'yank.version': 'Indique a versão, por exemplo @acme/dcesop-radio@1.0.0.',
  'yank.undone': '{name}@{version} é oferecida de novo',
  'yank.done': '{name}@{version} foi retirada ({kind})',
  'incidents.unnamed': 'Indique o plugin, ou execute na pasta de um: dcesop incidents [PLUGIN]',
  'incidents.other': '{url} não lista incidentes; é um registro do DCESOP?',
  'incidents.none': '{name}: nenhum servidor informou nada nos últimos 90 dias',
  'incidents.version': 'VERSÃO',
  'incidents.times': 'VEZES',
  'incidents.last': 'ÚLTIMA',
  'incidents.what': 'O QUE HOUVE',
  'incidents.at': 'HORA',
  'incidents.host': 'SERVIDOR',
  'incidents.kind': 'CLASSE',
  'incident.process_ended': 'quarentena: o processo terminou vezes demais',
  'incident.start_interrupted': 'não foi iniciado de novo: o servidor parou enquanto ele iniciava',
  'incident.canary_errors': 'teste desfeito: falharam solicitações demais',
  'incident.canary_slow': 'teste desfeito: mais lento do que o permitido',
  'incident.canary_screens': 'teste desfeito: as telas falharam',
  'incident.screens_failed': 'telas desligadas para alguém: falharam várias vezes seguidas',
  'incident.killed': 'parado por dois administradores',
  'new.folder': 'Indique a pasta do novo plugin.',
  'new.template': 'Não há um modelo "{template}"; os modelos são {templates}.',
  'new.id':
    '"{id}" não é um id de plugin: minúsculas, dígitos e hífens simples, no máximo 40 caracteres. Indique um com --id.',
  'new.publisher':
    '"{publisher}" não é um escopo do npm: minúsculas, dígitos, ".", "_" e "-". Indique o seu com --publisher.',
  'new.notEmpty': '{folder} não está vazia.',
  'new.done': '{folder} criada ({template}). Agora:\n\n  {next}',
  'test.runner': 'Indique o executor depois de "--" e, depois do nome dele, o que deve executar: -- npx jest server.',
  'test.only': 'Nenhum teste tem "{only}" no nome.',
  'test.sdk':
    'O SDK não está instalado em {folder} nem acima. Execute lá o que instala pacotes, por exemplo: npm install',
  'test.none': 'Não há nenhum *.spec.ts em {folder}.',
  'test.kept': 'cumprido: o contrato de {consumer} sobre {capability} ({digest})',
  'test.standIn':
    "não anotado: o contrato de {consumer} sobre {capability} foi testado com um substituto. Dê a verifyContract o que host.capability(''{capability}'') de um servidor de teste devolve.",
  'dev.address': '"{host}" não é o endereço de um servidor; um endereço começa com https:// ou http://.',
  'dev.noHost': 'Não há um servidor em {host} ({why}). Indique um com --host URL, ou em DCESOP_HOST.',
  'dev.signIn': 'Faça login em {host}, abra {page} e digite {code}',
  'dev.connected': 'conectado à sessão de {owner}; os outros não veem nada. Ctrl-C encerra.',
  'dev.shows': 'mostra {id} {version} ({seconds, number, ::.0} s)',
  'dev.away': 'O servidor parou de responder ({why}).',
  'dev.noJson': 'o que responde não é um servidor do DCESOP: não enviou JSON',
  'dev.otherServer': 'o que responde não é um servidor do DCESOP: não tem /api/dev/sessions',
  'dev.refused': 'O servidor respondeu {status}.',
  'problem.dev_overrides_off': 'Este servidor não aceita plugins em desenvolvimento.',
  'problem.dev_session_over': 'Esta sessão de desenvolvimento terminou.',
  'problem.package_refused': 'O pacote não passa na verificação.',
  'problem.plugin_busy': 'Há sessões de desenvolvimento demais abertas.',
  'problem.plugin_start_failed': 'O servidor não conseguiu iniciar o plugin: {detail}',
}
