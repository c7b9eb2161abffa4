/**
 * One sheet for all parts. The first rule is important, for a page's `* { display: none !important }` loses to an important
 * :host. Colours are the system's (Canvas, CanvasText): they follow the page's color-scheme and forced colours by themselves.
 * Logical properties only; no transitions, so there is no motion to reduce.
 */
const css = `
:host{all:initial!important;display:block!important;color:inherit!important;color-scheme:inherit!important;font:medium/1.5 var(--fordi-font,system-ui,sans-serif)!important}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit}
ul{list-style:none}
h2,h3,b,legend,summary{font-weight:600}
h2{font-size:1.25em;line-height:1.3}
small,li button{display:block;font-size:.875em}
:focus-visible{outline:2px solid;outline-offset:2px}
button{min-height:44px;padding:.5em 1em;border:1px solid;background:none;cursor:pointer}
li button{min-height:2em;padding:0;border:0;text-decoration:underline}
button,img,.box,.why{border-radius:var(--fordi-radius,.5em)}
.box{width:calc(100% - 2em);max-width:40em;margin:auto;padding:1.5em;border:1px solid #8884;background:var(--fordi-surface,Canvas);color:var(--fordi-ink,CanvasText);overflow:auto;max-height:90vh}
.box>*+*{margin-block-start:.75em}
.box li{display:flex;flex-wrap:wrap;gap:0 1em;align-items:center;border-block-start:1px solid #8884}
.box span{flex:1 1 12em}
[role=region]{position:fixed;inset:auto 0 1em;z-index:2147483647;max-height:75vh}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.75em;position:sticky;bottom:0}
.two button{background:var(--fordi-accent,CanvasText);color:var(--fordi-on-accent,Canvas)}
fieldset{border:0}
label{display:flex;gap:.75em;align-items:center;min-height:44px}
input{accent-color:var(--fordi-accent,CanvasText)}
div>section{min-height:17em;margin-block-end:2em;container-type:inline-size}
section>ul{display:flex;gap:1em;padding:.25em;overflow-x:auto}
section>ul>li,.on>:first-child{flex:0 0 10em}
.on{display:flex;gap:1em;flex-basis:min(100%,38em)!important}
img{width:100%;aspect-ratio:1;object-fit:cover}
.why{flex:1;padding:1em;border:1px solid #8884}
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
