import type { RuleDescription } from '../../index.ts'

const selfContained = 'Escreva como JSON Schema 2020-12 com todas as definições dentro.'

export const manifestRules: Readonly<Record<string, RuleDescription>> = {
  'manifest-shape': {
    refuses: 'Um manifesto com um campo que falta, que não existe ou que tem a forma errada.',
    why: 'Um campo escrito errado não faria nada sem avisar: uma permissão que não é pedida, uma página que não está lá.',
    mend: 'A referência do manifesto tem uma página para cada campo. As suas próprias anotações vão no nível superior com nomes que começam com `x-`.',
  },
  'manifest-duplicate': {
    refuses: 'Um nome declarado duas vezes onde deve ser único: rotas, permissões, páginas, tópicos e semelhantes.',
    why: 'Qual dos dois vale dependeria de quem lê.',
    mend: 'Mantenha só um deles.',
  },
  'manifest-route-path': {
    refuses: 'Uma rota cujo caminho não pode ser servido, ou que corresponde aos mesmos endereços que outra.',
    why: 'Uma solicitação deve levar a uma só rota; senão, as permissões de uma abririam a outra.',
    mend: 'Escreva os parâmetros como `{name}`, no fim também como `{name?}` ou `{name*}`, e dê a cada rota um caminho distinto.',
  },
  'manifest-health': {
    refuses: 'Um caminho de saúde que não é uma rota GET declarada, e qualquer outra rota abaixo de `/_`.',
    why: 'Os caminhos abaixo de `/_` são só para o servidor; a uma rota dali que ele não consulta ninguém chegaria.',
    mend: 'Declare entre as rotas o caminho de `backend.health`, e dê às outras caminhos que não comecem com `/_`.',
  },
  'manifest-own-collections': {
    refuses: 'Uma coleção cujo nome não começa com o id do plugin.',
    why: 'Um plugin só é dono dos próprios dados; os dos outros são pedidos a eles por capacidades.',
    mend: 'Renomeie-a; os dados já gravados são renomeados por uma migração.',
  },
  'manifest-own-topics': {
    refuses: 'Um tópico publicado cujo nome não começa com o id do plugin.',
    why: 'Quem assina confia que um tópico vem do plugin que lhe dá o nome.',
    mend: 'Renomeie-o. Os tópicos de outros podem ser assinados.',
  },
  'manifest-own-permissions': {
    refuses: 'Uma permissão definida cujo nome não começa com o id do plugin e dois-pontos.',
    why: 'Quem define uma permissão diz quais funções a têm: ninguém abre o que é de outro plugin ou da plataforma.',
    mend: 'Renomeie-a. Rotas, páginas e tópicos podem citar permissões de outros plugins sem defini-las.',
  },
  'manifest-reserved-point': {
    refuses: 'Um ponto de extensão com um nome do console.',
    why: 'O que outros destinaram ao console seria desenhado dentro do plugin.',
    mend: 'Escolha um nome que comece com o id do plugin.',
  },
  'manifest-context-schema': {
    refuses: 'Um esquema de contexto de um ponto de extensão que não é um esquema utilizável de um objeto.',
    why: 'Os painéis de outros confiam no que recebem; o console verifica isso com este esquema.',
    mend: `${selfContained} O tipo dele é "object".`,
  },
  'manifest-point-height': {
    refuses: 'Um ponto de extensão cuja altura mínima é maior que a máxima.',
    why: 'Nenhuma extensão poderia cumprir as duas.',
    mend: 'Faça com que `minHeight` não passe de `maxHeight`.',
  },
  'manifest-when': {
    refuses:
      'Um `when` de uma extensão que não pode ser interpretado, ou que pergunta por um nome, uma função ou um valor que não existe.',
    why: 'O console decide por ele o que mostrar, sem executar código; o que ele não consegue interpretar, ou nunca vale, nunca é mostrado.',
    mend: "Escreva comparações (`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`) de `context.…` e `user.…` com textos entre aspas simples, números, `true`, `false`, `null` e listas entre `[ ]`, ligadas por `&&`, `||`, `!` e parênteses. Um caminho que passa por uma lista dá os membros dos itens dela: `'fibre' in context.services.technology`.",
  },
  'manifest-csp': {
    refuses: 'Uma origem em `ui.csp` para cujo host o plugin não pede `http:egress`, ou cuja porta não é válida.',
    why: 'Por onde a página pode sair, os dados podem sair; quem revisa concede isso como qualquer outra saída.',
    mend: 'Adicione uma solicitação de `http:egress` com o host como `name`, ou como `name:port` se a origem tiver porta. Scripts e estilos de outros lugares, curingas, `http:` e `data:` não são possíveis.',
  },
  'manifest-config-schema': {
    refuses: 'Um esquema da configuração que não é um JSON Schema utilizável.',
    why: 'É com ele que a configuração do operador é verificada antes que o plugin inicie.',
    mend: selfContained,
  },
  'manifest-hidden-character': {
    refuses: 'Um texto com um caractere que ninguém vê: um código de controle, uma marca de direção ou um sem largura.',
    why: 'Ele faz com que se leia um texto diferente do que existe, por exemplo um host de trás para a frente, e quem revisa decide pelo que lê.',
    mend: 'Remova-o. Tabulações e quebras de linha podem ficar.',
  },
  'manifest-endless': {
    refuses: 'Um manifesto cuja verificação leva segundos, por exemplo por um padrão do esquema da configuração.',
    why: 'Enquanto o verifica, o servidor não atende ninguém.',
    mend: 'Escreva padrões sem repetições dentro de repetições, e definições que não se refiram umas às outras sem parar.',
  },
  'manifest-consumes-own': {
    refuses: 'Uma capacidade que o plugin consome e oferece ele mesmo.',
    why: 'Ele esperaria por si mesmo ao iniciar, e pararia a si mesmo sempre que parasse.',
    mend: 'Chame o seu próprio código diretamente.',
  },
  'manifest-conflict': {
    refuses:
      'Um conflito que não indica nem um plugin nem uma capacidade, que indica os dois, ou que é com o próprio plugin.',
    why: 'Com ele um servidor não deixaria nada de fora, ou deixaria o próprio plugin.',
    mend: 'Indique `plugin` ou `capability`, com as versões de que se trata.',
  },
  'manifest-requires': {
    refuses: 'Um `regions.requires` que não é o id de outro plugin com um intervalo de versões.',
    why: 'O que deve estar ao lado dele nunca seria encontrado, e o plugin nunca seria instalado.',
    mend: 'Escreva `regional-compliance@^2`, ou só o id para qualquer versão.',
  },
  'manifest-request': {
    refuses: 'Uma solicitação de permissão que não diz sobre o quê ou, para dados de clientes, para quê.',
    why: 'Quem revisa decide por ela, e o servidor concede por ela: o que não pode ser interpretado não é concedido a ninguém.',
    mend: '`http:egress` indica um host como `name` ou `name:port`; `secrets:use`, um segredo; `events:…`, um tópico com a versão; `customer:…`, uma finalidade. Cada host é uma solicitação à parte: não há curingas.',
  },
  'manifest-page-path': {
    refuses: 'Uma página em um endereço do console ou do servidor.',
    why: 'Ali quem responde são eles; a página estaria na navegação e nunca abriria.',
    mend: 'Comece o caminho com outra palavra, como o id do plugin.',
  },
  'manifest-unknown-point': {
    refuses: 'Uma extensão de um ponto abaixo de `dashboard.` que o console não tem.',
    why: 'Ela não estaria em lugar nenhum, e ninguém ficaria sabendo.',
    mend: 'Os widgets do painel têm o ponto `dashboard.widget/v1`. Os pontos de outros plugins podem ser citados, estejam eles instalados ou não.',
  },
  'manifest-config-secret': {
    refuses:
      'Um ponteiro de `config.secrets` para algo que não está no esquema da configuração, ou que tem ali um valor padrão.',
    why: 'O valor em questão seria guardado e mostrado como qualquer outro; um valor padrão é conhecido por todos que têm o pacote.',
    mend: 'Escreva como ponteiro JSON para a propriedade: `/apiKey`, `/mail/password`. Quem dá o valor é o operador; se o plugin não puder ficar sem ele, declare-o em `required`.',
  },
  'manifest-data-version': {
    refuses: 'Um plugin que não conseguiria ler o que grava: `minReadable` maior que `schemaVersion`.',
    why: 'Ele não poderia iniciar uma segunda vez nem substituir a si mesmo.',
    mend: '`schemaVersion` é o que este código grava; `minReadable`, o mais antigo que ele lê.',
  },
  'manifest-regions': {
    refuses: 'Uma região que está em `regions.allow` e em `regions.deny`.',
    why: 'Qual das duas vale dependeria de quem lê.',
    mend: 'Retire-a de uma das duas.',
  },
  'manifest-locales': {
    refuses: 'Um plugin sem um dos idiomas es, pt-BR e en.',
    why: 'Agentes no Brasil, no México e na Colômbia trabalham em um mesmo console; ninguém deve encontrar uma página que não consegue ler.',
    mend: 'Adicione o catálogo e declare o idioma. Os regionais (es-MX, es-CO) só têm o que muda.',
  },
}
