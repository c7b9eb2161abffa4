/**
 * One sheet for all parts. The first rule is important, for a page's `* { display: none !important }` loses to an important
 * :host. Colours are the system's (Canvas, CanvasText): they follow the page's color-scheme and forced colours by themselves.
 * Logical properties only; no transitions, so there is no motion to reduce.
 */
const css = `
:host{all:initial!important;display:block!important;color:inherit!important;color-scheme:inherit!important;overflow-wrap:anywhere!important;font:medium/1.5 var(--fordi-font,system-ui,sans-serif)!important}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit}
ul{list-style:none}
h2,b,summary,legend{font-weight:600}
h2{font-size:1.25em;line-height:1.3;outline:0}
small,li button{font-size:.875em}
a,small{display:block}
a{padding-block:.25em}
li a:not(:hover){text-decoration:none}
:focus-visible{outline:2px solid;outline-offset:2px}
button{min-height:44px;padding:.5em 1em;border:1px solid;background:inherit;cursor:pointer}
li button{min-height:2em;padding:0;border:0;margin-inline-end:1em;text-decoration:underline}
button,img,.box,.why{border-radius:var(--fordi-radius,.5em)}
.box,.why{padding:1.5em;border:1px solid #8884}
.box{width:calc(100% - 2em);max-width:40em;max-height:90vh;margin:auto;overflow:auto;background:var(--fordi-surface,Canvas);color:var(--fordi-ink,CanvasText)}
.box>*+*{margin-block-start:1em}
.box>button{margin-inline-end:.5em}
.box>button:first-child{float:inline-end}
.box li,.why li{display:flex;flex-wrap:wrap;gap:0 1em;align-items:center;padding-block:.5em;border-block-end:1px solid #8884}
li p{flex:1 12em}
li small{flex-grow:1}
[role=region]{position:fixed;inset:auto 0 1em;z-index:2147483647;max-height:75vh;box-shadow:0 0 2em #0003}
[role=region] li{display:inline-flex;border:0;padding:0 1em 0 0}
.two{display:grid;grid-template-columns:1fr 1fr;gap:1em;position:sticky;bottom:0;background:inherit}
.two button{background:var(--fordi-accent,CanvasText);color:var(--fordi-on-accent,Canvas)}
fieldset{border:0}
label{display:flex;gap:1em;min-height:2em}
input{accent-color:var(--fordi-accent,CanvasText)}
div>section{min-height:17em;margin-block-end:2em;container-type:inline-size}
section>ul{display:flex;gap:1em;padding:.5em 0;overflow-x:auto}
section>ul>li,.on>:first-child{flex:0 0 10em}
.on{display:flex;gap:1em;flex-basis:min(100%,40em)!important}
.why{flex:1}
img{width:100%;aspect-ratio:1;object-fit:cover}
@container (max-width:30em){section>ul,.on{flex-wrap:wrap}section>ul>li{flex-basis:45%}}
`;

/** Shared by all elements. Where sheets cannot be constructed the texts and buttons still stand, unstyled. */
export function dress(): CSSStyleSheet[] {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return [sheet];
  } catch {
    return [];
  }
}
