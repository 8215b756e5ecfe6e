/** How the page looks: on a screen of any width, light and dark, in colours of the machine's own, and on paper. */
export const STYLE = styleFor({ root: ':root', body: 'body' })

/** @param root selects what its colours stand on, @param body all that is shown: elsewhere than on a page of its own. */
export function styleFor({ root, body }: { readonly root: string; readonly body: string }): string {
  return `
${root}{color-scheme:light dark;--ground:#fff;--ink:#1c2128;--soft:#57606a;--rule:#d5dae0;--panel:#f5f7f9;--held:#0a58a8;--seats:#3d444d;--over:#b42318;--over-ground:#fdecea;--missing:#e7eaee;--partial:#8a5a00}
@media (prefers-color-scheme:dark){${root}{--ground:#14181d;--ink:#e8ebee;--soft:#a9b2bc;--rule:#39424c;--panel:#1c2229;--held:#6cb6ff;--seats:#c5ccd3;--over:#ff8d80;--over-ground:#3b1d1b;--missing:#2a323b;--partial:#e0b060}}
@media (forced-colors:active){${root}{--ground:Canvas;--ink:CanvasText;--soft:CanvasText;--rule:GrayText;--panel:Canvas;--held:CanvasText;--seats:CanvasText;--over:CanvasText;--over-ground:Canvas;--missing:GrayText;--partial:CanvasText}.badge{border:1px solid}.missing{fill-opacity:.25}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
${body}{margin:0 auto;max-width:74rem;padding:1.5rem 1rem 3rem;background:var(--ground);color:var(--ink);font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.2rem;line-height:1.3;margin:2.25rem 0 .5rem}
h3{font-size:1.05rem;line-height:1.3;margin:0 0 .25rem;overflow-wrap:anywhere}
h4{font-size:.95rem;margin:1rem 0 .25rem}
p{margin:.25rem 0 .6rem;max-width:46rem}
a{color:var(--held)}
code,bdi{overflow-wrap:anywhere}
code{font-size:.9em}
small,.line{display:block;font-size:.8rem;color:var(--soft);font-weight:400}
.line,.date{white-space:nowrap}
.unknown{color:var(--soft);font-style:italic}
.period{font-size:1.1rem;margin-bottom:.5rem}
dl.about{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.75rem 0 1rem}
dl.about dt{color:var(--soft)}
dl.about dd{margin:0;max-width:46rem;overflow-wrap:anywhere}
.warning,.summary{border:1px solid var(--rule);border-left:.35rem solid var(--held);background:var(--panel);padding:.6rem .8rem;margin:.75rem 0;max-width:none}
.warning{border-left-color:var(--partial)}
.summary.is-over{border-left-color:var(--over)}
.badge{display:inline-block;color:var(--over);background:var(--over-ground);border-radius:.25rem;padding:0 .35rem}
.mark{width:.65em;height:.65em;fill:currentColor;vertical-align:.02em}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding-bottom:.25rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid var(--rule)}
thead th{font-size:.8rem;color:var(--soft);font-weight:600;vertical-align:bottom}
td.number,th.number{text-align:right}
.licenses th[scope=row]{font-weight:600;min-width:9rem}
.licenses .badge,h3 .badge{white-space:nowrap}
.licenses tr.is-over th[scope=row]{box-shadow:inset .3rem 0 0 var(--over);padding-left:.8rem}
.k{display:none}
svg{display:block;overflow:visible}
svg.mark{display:inline-block}
svg svg{overflow:hidden}
svg.small{width:5.5rem;height:2rem;stroke-width:1.3px;overflow:hidden}
.definitions{position:absolute}
.held,.seats{fill:none;vector-effect:non-scaling-stroke}
.held{stroke:var(--held)}
.seats{stroke:var(--seats);stroke-dasharray:5 3}
.over{fill:url(#over-hatch);stroke:none}
.over-ground{fill:var(--over-ground)}
.over-line{stroke:var(--over);stroke-width:2.5}
.missing{fill:var(--missing)}
.partial{fill:url(#partial-hatch)}
.partial-line{stroke:var(--partial);stroke-width:3}
.grid{stroke:var(--rule);stroke-width:1}
.chart{display:grid;grid-template-columns:max-content minmax(0,1fr);column-gap:.5rem;margin:.5rem 0 .25rem}
svg.axis{width:3rem}
svg.plot{width:100%;stroke-width:2px}
svg text{font-size:12px;fill:var(--soft);stroke:none}
svg.axis text{text-anchor:end}
figure{margin:0}
figcaption{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.82rem;color:var(--soft)}
figcaption span{display:inline-flex;align-items:center;gap:.35rem}
svg.key{width:1.6rem;height:.75rem;stroke-width:2px;overflow:hidden;flex:none}
.license{border-top:1px solid var(--rule);padding-top:1rem;margin-top:1.25rem}
.license.is-over h3{box-shadow:inset .3rem 0 0 var(--over);padding-left:.8rem}
details{margin:.4rem 0}
summary{cursor:pointer;font-size:.9rem;color:var(--held);padding:.25rem 0}
details table{width:auto;min-width:min(100%,26rem);font-size:.9rem}
details th,details td,.people th,.people td{padding:.2rem .5rem}
details tbody tr{border-bottom:1px solid var(--rule)}
details tbody th,details tbody td{border:0}
details th{font-weight:400;white-space:nowrap}
details thead th{font-weight:600;white-space:normal}
.people table,.people{font-size:.9rem}
.people th[scope=row]{font-weight:400}
.people table{table-layout:fixed}
.people th:nth-child(1){width:24%}
.people th:nth-child(2){width:30%}
.people th:nth-child(4){width:21%}
ul{padding-left:1.2rem;max-width:48rem}
li{margin:.3rem 0}
footer{font-size:.9rem}
@media screen and (max-width:60rem){
.licenses thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.licenses,.licenses tbody,.licenses tr,.licenses th,.licenses td{display:block}
.licenses tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.2rem,1fr));gap:.4rem 1rem;border:1px solid var(--rule);border-radius:.4rem;margin:.6rem 0;padding:.6rem .8rem}
.licenses tr.is-over{border-left:.35rem solid var(--over)}
.licenses th[scope=row],.licenses td{border:0;padding:0;text-align:left;min-width:0}
.licenses th[scope=row]{grid-column:1/-1;box-shadow:none!important;padding:0!important}
.licenses .k{display:block;font-size:.78rem;color:var(--soft)}
}
@media screen and (max-width:40rem){
dl.about{grid-template-columns:1fr;gap:0}
dl.about dd{margin-bottom:.4rem}
svg.axis{width:2.4rem}
details th{white-space:normal}
details th,details td{padding:.2rem .3rem}
.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stacked,.stacked caption,.stacked tbody,.stacked tr,.stacked th,.stacked td{display:block}
.stacked tr{border-bottom:1px solid var(--rule);padding:.4rem 0}
.stacked th,.stacked td{border:0;padding:0!important;width:auto!important;text-align:left!important}
.stacked th[scope=row]{font-weight:600}
.stacked .k{display:inline-block;min-width:4.5rem;font-size:.8rem;color:var(--soft)}
}
@page{margin:14mm 12mm}
@media print{
${root}{color-scheme:light;--ground:#fff;--ink:#000;--soft:#444;--rule:#bbb;--panel:#fff;--held:#0a58a8;--seats:#333;--over:#b42318;--over-ground:#fdecea;--missing:#e7eaee;--partial:#8a5a00}
html{font-size:12.5px}
${body}{max-width:none;padding:0;font-size:1rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}
h2,h3,h4{break-after:avoid}
thead{display:table-header-group}
tr,figure,.warning,.summary,li{break-inside:avoid}
.license>header,.license figure{break-inside:avoid}
.license>header{break-after:avoid}
.licenses{font-size:.9rem}
.licenses th,.licenses td{padding:.25rem .3rem}
.licenses th[scope=row]{min-width:7.5rem}
svg.small{width:4rem}
.license:not(:has(figure,.people,.warning,details[open])){display:none}
svg text{font-size:10px}
details:not([open]){display:none}
summary{color:inherit;list-style:none}
p,dl.about dd,ul{max-width:none}
}
`
}
