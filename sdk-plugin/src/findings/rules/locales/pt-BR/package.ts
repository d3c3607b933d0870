import type { RuleDescription } from '../../index.ts'

const packAgain = 'Empacote com `dcesop pack` e envie o arquivo como está: ele nunca grava um pacote assim.'

export const packageRules: Readonly<Record<string, RuleDescription>> = {
  'package-unreadable': {
    refuses: 'Bytes que não são um tarball gzip, ou um que está cortado.',
    why: 'Nada se pode dizer de um pacote que não pode ser lido até o fim.',
    mend: `${packAgain} Um arquivo cortado no caminho é enviado outra vez.`,
  },
  'package-size': {
    refuses: 'Um tarball de mais de 16 MiB.',
    why: 'Cada servidor guarda as versões às quais pode voltar, e os nós pequenos da borda as baixam por linhas lentas.',
    mend: 'Deixe de fora imagens, dados e source maps. O que é grande e muda fica atrás de uma rota do backend, ou nas coleções do plugin por meio de uma migração.',
  },
  'package-hidden-character': {
    refuses:
      'Um catálogo com um caractere que ninguém vê: um código de controle, uma marca de direção ou um sem largura.',
    why: 'O nome do plugin e os motivos dele estão nas telas de quem decide sobre ele, e seriam lidos como outra coisa.',
    mend: 'Remova-o da mensagem. Nenhum idioma do console precisa dele.',
  },
  'package-unpacked-size': {
    refuses: 'Arquivos de mais de 64 MiB depois de descompactados.',
    why: 'Um arquivo compactado pequeno pode crescer sem limite e encher o disco do servidor.',
    mend: packAgain,
  },
  'package-file-count': {
    refuses: 'Mais de 2.000 arquivos.',
    why: 'O hash de cada arquivo é calculado em cada início do servidor.',
    mend: 'Agrupe: o backend é um só arquivo, e a interface, alguns poucos fragmentos.',
  },
  'package-entry-type': {
    refuses: 'Links, dispositivos e tudo o que não é um arquivo comum.',
    why: 'Um link pode sair da pasta do pacote e transformar em um só dois arquivos que foram verificados separadamente.',
    mend: packAgain,
  },
  'package-unsafe-path': {
    refuses:
      'Caminhos que saem do pacote, são absolutos, usam barras invertidas ou letras de unidade, contêm caracteres de controle ou são mais longos do que os sistemas de arquivos aceitam.',
    why: 'Um caminho assim grava fora da pasta do pacote, ou aparece como outra coisa em listagens e logs.',
    mend: 'Use caminhos relativos e curtos, com barras normais.',
  },
  'package-duplicate': {
    refuses: 'Um caminho que está duas vezes no tarball, ou que é ao mesmo tempo arquivo e pasta.',
    why: 'Cada leitor fica com um dos dois, então o que foi verificado pode não ser o que é executado.',
    mend: 'Renomeie um dos dois.',
  },
  'package-case-collision': {
    refuses: 'Dois caminhos que só diferem em maiúsculas, ou em como um acento é escrito.',
    why: 'No macOS e no Windows um tomaria o lugar do outro.',
    mend: 'Renomeie um dos dois.',
  },
  'package-json': {
    refuses: 'Um package.json que falta, não é um objeto JSON, tem membros do tipo errado, ou mais de 512 KiB.',
    why: 'É por ele que o npm e o registro conhecem o pacote.',
    mend: 'Deixe o `dcesop pack` gravá-lo; os seus próprios campos vão no manifesto com nomes que começam com `x-`.',
  },
  'package-install-script': {
    refuses: 'Scripts do package.json que o npm executaria na instalação.',
    why: 'Seriam executados com as permissões de quem instala, antes que alguém olhasse o plugin. O servidor instala sem o npm, então nunca são necessários.',
    mend: 'Remova o script. O que deve acontecer antes da primeira solicitação vai no `start`; o que muda dados, em uma migração.',
  },
  'package-bin': {
    refuses: 'Programas para a linha de comando (`bin`, `directories.bin`).',
    why: 'Quem executa um plugin é o servidor, não uma pessoa; um programa com esse nome poderia se passar por outro.',
    mend: 'Remova esse membro. Ferramentas para operadores são um pacote à parte.',
  },
  'package-native-code': {
    refuses: 'Módulos compilados (`.node`).',
    why: 'Eles rodam fora de todas as barreiras que o JavaScript tem, e só em um tipo de máquina.',
    mend: 'Use uma biblioteca em JavaScript ou WebAssembly, ou coloque o trabalho atrás de um serviço que o plugin chama.',
  },
  'package-node-modules': {
    refuses: 'Arquivos dentro de uma pasta `node_modules`.',
    why: 'O que está ali não consta de nenhum SBOM e ninguém revisou.',
    mend: 'Inclua no backend o que ele precisa; o `dcesop pack` faz isso e lista cada pacote.',
  },
  'package-other-plugin': {
    refuses: 'Código de outro plugin entre o que foi empacotado, segundo `sbom.cdx.json`.',
    why: 'Uma cópia rodaria com as permissões deste plugin, sobre dados que não são dele, e continuaria igual quando o outro fosse corrigido.',
    mend: 'Chame-o por uma capacidade, eventos ou um ponto de extensão. O que dois plugins compartilham é um pacote à parte, sem nome de plugin.',
  },
  'package-eval-map': {
    refuses: 'Código construído como textos para `eval`, com o source map dentro.',
    why: 'Uma página não pode executá-lo, e ninguém consegue revisá-lo.',
    mend: "Faça o build com um `devtool` que grave arquivos, como `'source-map'`, ou sem nenhum.",
  },
  'package-file-list': {
    refuses: 'Um `dcesop.files.json` que falta ou não pode ser lido.',
    why: 'O servidor compara cada arquivo com esta lista na instalação e em cada início.',
    mend: packAgain,
  },
  'package-unlisted-file': {
    refuses: 'Um arquivo que não está em `dcesop.files.json`.',
    why: 'Foi colocado ali depois de empacotar.',
    mend: packAgain,
  },
  'package-missing-file': {
    refuses: 'Um arquivo da lista que não está lá.',
    why: 'Foi retirado depois de empacotar, ou se perdeu.',
    mend: packAgain,
  },
  'package-changed-file': {
    refuses: 'Um arquivo cujo tamanho ou SHA-256 não é o da lista.',
    why: 'Foi alterado depois de empacotar; o editor respondeu por outro.',
    mend: packAgain,
  },
  'package-signature-form': {
    refuses: 'Um `dcesop.files.dsse.json` que não é um envelope DSSE como o que `dcesop pack --key` grava.',
    why: 'Uma assinatura que não pode ser lida não prova nada, e não deve parecer que prova.',
    mend: 'Empacote de novo com `--key`, ou sem assinatura onde a política permitir.',
  },
  'package-signature-other': {
    refuses: 'Uma assinatura sobre outra lista de arquivos.',
    why: 'Foi tirada de outro pacote, ou houve mudanças depois de assinar.',
    mend: 'Empacote de novo com `--key`.',
  },
  'package-manifest': {
    refuses: 'Um `dcesop.plugin.json` que falta, não é um objeto JSON ou tem mais de 512 KiB.',
    why: 'Sem ele não se sabe o que o plugin é nem o que pode fazer.',
    mend: packAgain,
  },
  'package-version': {
    refuses: 'Versões diferentes no package.json e no manifesto.',
    why: 'O registro guarda o pacote com uma, e o servidor com a outra.',
    mend: 'Altere só a versão do manifesto; a outra é gravada pelo `dcesop pack`.',
  },
  'package-name': {
    refuses: 'Um pacote que não se chama `@<publisher>/dcesop-<id>` conforme o manifesto.',
    why: 'Um plugin poderia se passar pelo de outro editor.',
    mend: 'Defina `publisher` e `id` no manifesto; o `dcesop pack` forma o nome com eles.',
  },
  'package-entry': {
    refuses: 'Uma entrada do backend que não está no pacote.',
    why: 'O plugin falharia ao iniciar, em todos os servidores.',
    mend: packAgain,
  },
  'package-ui': {
    refuses: 'Um manifesto que declara páginas ou painéis, sem `dist/ui/remoteEntry.js`.',
    why: 'O console ofereceria lugares que ficam vazios.',
    mend: 'Faça o build da interface (o `dcesop pack` faz), ou retire-a do manifesto.',
  },
  'package-locale': {
    refuses: 'Um idioma declarado sem o catálogo dele.',
    why: 'As pessoas leriam ids de mensagens.',
    mend: 'Adicione o catálogo, ou retire o idioma de `i18n.locales`.',
  },
  'package-migration': {
    refuses: 'Um arquivo em `migrations/` sem um nome como `0001-what-it-does.cjs`, ou um número usado duas vezes.',
    why: 'As migrações são executadas na ordem dos números, cada uma uma só vez; a ordem deve ser a mesma em toda parte.',
    mend: 'Numere-as de novo e mantenha o número de todas as que já foram publicadas.',
  },
  'contract-shape': {
    refuses: 'Um arquivo em `contracts/` que não é um contrato, ou mais de 256 KiB no total.',
    why: 'Os provedores executam esses arquivos nos próprios testes; um que não pode ser lido não obriga ninguém a nada.',
    mend: 'Escreva como um `Contract` de `@dcesop/sdk-plugin/testing`, em JSON, e use-o nos seus próprios testes com `contractDouble`.',
  },
  'contract-manifest': {
    refuses: 'Um contrato de outro plugin, ou sobre uma capacidade ou um intervalo que o manifesto não consome.',
    why: 'Os provedores manteriam o que ninguém precisa, ou quebrariam o que alguém usa.',
    mend: 'Dê a ele o id do plugin como `consumer`, e a capacidade e o intervalo de `consumes`.',
  },
  'contract-record': {
    refuses:
      'Um `contracts.kept.json` que não é um registro de contratos, que é de um backend diferente do que vai no pacote, ou que trata de uma capacidade que o plugin não oferece.',
    why: 'O registro o toma como a palavra do editor de que este mesmo código cumpriu os contratos dos consumidores.',
    mend: 'Deixe o `dcesop test` gravá-lo: se todos os testes passam, ele anota cada contrato que o `verifyContract` deu por cumprido com o que `host.capability` respondeu. Testes de jest ou vitest: `dcesop test -- npx jest`. O `dcesop pack` deixa de fora um registro mais antigo que o código.',
  },
  'ui-expose-missing': {
    refuses: 'Uma página ou extensão cuja unidade não é exposta pela interface construída.',
    why: 'O console a ofereceria para depois mostrar que não pode ser carregada.',
    mend: 'Faça o build da interface com o mesmo manifesto que é empacotado; a configuração do SDK expõe o que o manifesto cita.',
  },
  'ui-expose-undeclared': {
    refuses: 'Uma unidade que a interface construída expõe e o manifesto não cita.',
    why: 'O que pode ser montado é o que foi revisado: a permissão, o lugar e o tamanho.',
    mend: 'Declare-a, ou não a exponha.',
  },
  'ui-entry-size': {
    refuses: 'Um `remoteEntry.js` de mais de 16 KiB com gzip.',
    why: 'O console carrega a entrada de cada plugin antes da primeira página; quem está em uma ligação espera por ela.',
    mend: 'Compartilhe `vue` e `@dcesop/sdk-plugin/ui` com o console, e carregue o seu próprio código sob demanda, pelos módulos expostos.',
  },
  'ui-size': {
    refuses: 'Scripts e estilos de mais de 256 KiB no total com gzip, e estilos de mais de 512 KiB sem gzip.',
    why: 'Uma página deve abrir em um segundo na máquina antiga de um agente.',
    mend: 'Use uma biblioteca menor, importe só o que usa, ou deixe o trabalho para o backend. O achado cita os maiores arquivos.',
  },
  'ui-global-selector': {
    refuses: 'Um estilo que vai além dos elementos do plugin, ou uma folha de estilo que não pode ser lida.',
    why: 'Páginas de vários plugins estão em um mesmo documento; um mudaria a aparência dos outros.',
    mend: 'Use estilos com escopo (scoped), ou comece o seletor com `[data-plugin="<id>"]` ou `.p-<id>`. Nomes que valem na página inteira, como os de `@keyframes` ou `@font-face`, começam com `<id>-`.',
  },
}
