import type { RuleDescription } from '../../index.ts'

export const sourceRules: Readonly<Record<string, RuleDescription>> = {
  'source-missing': {
    refuses: 'Um arquivo que a pasta de um plugin deve ter e que não está lá.',
    why: 'Não há nada a empacotar.',
    mend: 'Indique a pasta de um plugin; `dcesop new` cria uma.',
  },
  'source-unreadable': {
    refuses: 'Um arquivo do plugin que não pode ser lido.',
    why: 'Um pacote deve ser tudo o que o autor escreveu.',
    mend: 'Dê a você mesmo permissão para lê-lo.',
  },
  'source-json': {
    refuses: 'Um arquivo JSON que não é JSON.',
    why: 'Um manifesto ou um catálogo que um leitor aceita e outro não seria diferente de um servidor para outro.',
    mend: 'Corrija-o no lugar que o achado indica: sem comentários, sem vírgula no fim, cada nome uma só vez.',
  },
  'source-engine': {
    refuses: 'Um intervalo `engines.sdk` que não inclui o SDK com que o plugin é compilado.',
    why: 'Um servidor cujo SDK fica fora do intervalo não aceita o plugin, e com os outros ele nunca foi testado.',
    mend: 'Indique o SDK instalado, ou instale um do intervalo. O `dcesop dev` diz o que de `engines` o servidor não atende.',
  },
  'source-permission': {
    refuses:
      'Uma permissão do próprio plugin que uma rota, página, extensão ou tópico pede e que o manifesto não define.',
    why: 'Ninguém poderia tê-la nunca, então todos seriam recusados.',
    mend: 'Defina-a em `permissions.defines`, ou corrija o nome. As permissões de outros plugins podem ser citadas; elas existem onde eles estão instalados.',
  },
  'source-unit': {
    refuses: 'Uma página ou extensão cujo `expose` não é o nome de nenhum arquivo: `estimate` é `ui/estimate.ts`.',
    why: 'Não haveria nada a mostrar.',
    mend: 'Escreva o arquivo com uma unidade (`definePage`, `definePanel`) como exportação padrão, ou corrija o nome.',
  },
  'source-export': {
    refuses: 'Um `server/main.ts`, ou uma página ou extensão, sem exportação padrão.',
    why: 'É o que o servidor inicia e o console monta; sem ela não acontece nem uma coisa nem outra.',
    mend: 'Exporte por padrão o que `definePlugin`, `definePage` ou `definePanel` devolve.',
  },
  'source-undeclared': {
    refuses: 'Uma rota, tarefa ou coleção que aparece pelo nome no código do backend e que o manifesto não declara.',
    why: 'O servidor compara o código com o manifesto, e não inicia o que faz mais do que diz.',
    mend: 'Declare-a: quem revisa decide só pelo manifesto.',
  },
  'source-unregistered': {
    refuses: 'Uma rota do manifesto que nada registra no backend, onde tudo o que é registrado pode ser lido.',
    why: 'O servidor não inicia um plugin ao qual falta o que ele declara.',
    mend: 'Registre-a no início do plugin com `context.route`, ou retire-a do manifesto.',
  },
  'source-link': {
    refuses: 'Um link simbólico entre os arquivos do pacote.',
    why: 'Um pacote só tem arquivos comuns, então ele ficaria de fora sem aviso.',
    mend: 'Coloque ali o próprio arquivo.',
  },
  'i18n-empty': {
    refuses: 'Uma mensagem sem texto.',
    why: 'As pessoas veriam um título ou um botão vazio.',
    mend: 'Escreva o texto, ou remova a mensagem de todos os catálogos.',
  },
  'i18n-unknown': {
    refuses: 'Uma mensagem que a interface pede com um id fixo (`text.t(…)`) e que o catálogo padrão não tem.',
    why: 'As pessoas leriam o id.',
    mend: 'Adicione-a a todos os catálogos, ou corrija o id.',
  },
  'ui-literal-text': {
    refuses:
      'Palavras de um template que não vêm de nenhum catálogo, entre tags ou em um atributo que as pessoas leem.',
    why: 'Agentes e clientes leem espanhol, português e inglês; isto estaria em um só idioma para todos.',
    mend: 'Crie uma mensagem. Um nome que é igual em todos os idiomas é marcado com `translate="no"`.',
  },
  'i18n-missing': {
    refuses: 'Uma mensagem que falta em um dos idiomas completos.',
    why: 'As pessoas a leriam em outro idioma, ou leriam o id.',
    mend: 'Traduza-a.',
  },
  'i18n-orphan': {
    refuses: 'Uma mensagem de um catálogo regional (es-MX) que o idioma dele (es) não tem.',
    why: 'Todos os outros leriam o id.',
    mend: 'Adicione-a ao idioma, ou remova-a.',
  },
  'i18n-redundant': {
    refuses: 'Uma mensagem de um catálogo regional que diz o mesmo que o idioma.',
    why: 'Ela esconde a próxima mudança da mensagem do idioma.',
    mend: 'Remova-a do catálogo regional.',
  },
  'i18n-parse': {
    refuses: 'Uma mensagem que não é uma mensagem ICU.',
    why: 'Ela apareceria como texto cru, ou como o id.',
    mend: "Corrija-a no lugar que o achado indica; uma chave se escreve `'{'`.",
  },
  'i18n-arguments': {
    refuses: 'Uma mensagem cujos argumentos não são os da mesma mensagem no idioma padrão.',
    why: 'Faltaria um nome ou um número na frase.',
    mend: 'Use os mesmos argumentos, na ordem que o idioma pedir.',
  },
  'i18n-plural': {
    refuses:
      'Um plural sem as formas que o idioma dele tem: `one` e `other`; o espanhol e o português têm `many` para os milhões.',
    why: '“1 minutos” parece coisa de máquina.',
    mend: 'Adicione a forma que o achado indica.',
  },
  'i18n-markup': {
    refuses: 'Uma mensagem que contém HTML.',
    why: 'Com marcação nos textos uma tradução pode executar código, e ela aparece como está.',
    mend: 'Deixe a marcação nos componentes e dê a cada parte a sua própria mensagem.',
  },
  'i18n-manifest-key': {
    refuses: 'Um id de mensagem no manifesto que o catálogo padrão não tem.',
    why: 'Títulos e motivos são mostrados antes que o plugin seja carregado, só com os catálogos dele.',
    mend: 'Adicione-a a todos os catálogos.',
  },
  'ui-image-text': {
    refuses: 'Uma imagem sem `alt` em um template.',
    why: 'Um leitor de tela leria o nome do arquivo, ou pularia o que a imagem diz.',
    mend: 'Diga o que ela mostra; `alt=""` está certo para uma que só decora.',
  },
  'ui-control-name': {
    refuses: 'Um botão ou link em um template sem nada dentro que possa ser lido em voz alta.',
    why: 'Quem não vê o ícone ouve “botão”, e o controle por voz não tem uma palavra para ele.',
    mend: 'Escreva o texto dentro dele, ou dê a ele um `aria-label` com uma mensagem do catálogo.',
  },
  'ui-field-label': {
    refuses: 'Um campo em um template sem rótulo em volta, sem `id` para um, e sem nome próprio.',
    why: 'Quem não vê o que está ao lado não sabe o que digitar.',
    mend: 'Use os componentes de campo de `@dcesop/sdk-plugin/ui`, ou coloque o campo dentro de um `<label>`.',
  },
  'ui-click-only': {
    refuses: 'Um elemento de um template que reage a cliques e não é um controle nem diz por `role` o que é.',
    why: 'Quem não usa mouse não consegue fazer o que ele faz.',
    mend: 'Use um `<button>`. Um que só duplica um controle, como o que fica atrás de um diálogo, leva `role="presentation"`.',
  },
  'ui-tab-order': {
    refuses: 'Um `tabindex` maior que 0 em um template.',
    why: 'Ele passa à frente de tudo o mais na página, inclusive do console e de outros plugins.',
    mend: 'Coloque os elementos na ordem em que são usados, e use 0 ou -1.',
  },
}
