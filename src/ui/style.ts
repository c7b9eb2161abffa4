/**
 * One sheet for all parts. The first rule is important, for a page's `* { display: none !important }` loses to an important
 * :host. Colours are the system's (Canvas, CanvasText): they follow the page's color-scheme and forced colours by themselves.
 * Logical properties only; no transitions, so there is no motion to reduce.
 */
const css = `
:host{all:initial!important;display:block!important;color:inherit!important;color-scheme:inherit!important}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit;overflow-wrap:anywhere}
div{font:1em/1.5 var(--fordi-font,system-ui,sans-serif)}
ul{list-style:none}
h2,h3,b,summary,legend{font-weight:600}
h2{font-size:1.25em;outline:0}
small,li button,section~button{font-size:.875em}
a,small,label{display:block}
a,label{padding:.25em 0}
li a{text-decoration:none}
button{min-height:44px;padding:.5em;border:1px solid;background:inherit}
li button,section~button{min-height:2em;padding:0;border:0;text-decoration:underline}
button,img,.box,.why,.said,#topic{border-radius:var(--fordi-radius,.5em)}
.box,.why{padding:1.25em;border:1px solid #8884}
.box{width:calc(100% - 2em);max-width:40em;margin:auto;background:Canvas;color:CanvasText}
h2~*{margin-block-start:1em}
.place{width:auto;max-width:none;padding:.5em .75em 0;border:0;font-size:.875em}
.place>*{margin:0}
.place button{min-height:2.5em}
.box .hand{position:sticky;bottom:0;padding-block:.5em;background:inherit}
.box>button{margin-inline-end:1em}
button:first-child,section~button{float:inline-end;margin:0}
.said{position:sticky;inset-block:0;z-index:1;padding:.25em .75em;border:1px solid #8888;background:Canvas;color:CanvasText}
section~div{min-height:4em;clear:both}
.said,.hand,form{display:flex;flex-wrap:wrap;gap:.5em 1em;align-items:center}
a,button,input,summary{scroll-margin-block:5em}
:focus-visible{outline-offset:2px}
form label{flex:1 100%}
#topic{display:block;width:100%;min-height:44px;padding:.5em;border:1px solid;background:inherit}
[aria-pressed=true]{font-weight:600;text-decoration:none}
.box li,.why li{display:flex;flex-wrap:wrap;gap:0 1em;align-items:center;padding:.5em 0;border-block-end:1px solid #8884}
li p{flex:1 12em}
li small{flex-grow:1}
[popover]{border-color:#888;position:fixed;inset:auto 0 1em;z-index:99;max-height:75vh;overflow:auto}
.two{display:grid;grid:auto-flow 1fr/repeat(auto-fit,minmax(min(100%,6em),1fr));gap:.5em 1em;position:sticky;bottom:-1.25em;padding-block:.5em;background:inherit}
.top{inset-block:-1.25em auto;z-index:1}
.two button{background:var(--fordi-accent,CanvasText);color:var(--fordi-on-accent,Canvas)}
fieldset{border:0}
.here{width:100%;margin:0}
.here .two{position:static}
summary{padding:.5em 0}
h3{font-size:1.125em}
ol{padding-inline-start:1.5em}
.box ol li{display:list-item;padding:.25em 0;border:0}
code{font-family:ui-monospace,monospace}
.box .may li{display:block}
.may ul{padding-inline-start:1.5em}
button[role=switch]{display:flex;float:none;justify-content:space-between;align-items:center;gap:1em;width:100%;min-height:44px;margin:0;padding:0;border:0;font-size:1em;text-align:start;text-decoration:none}
details>[role=switch]{font-size:.875em}
.may [role=switch]{font-weight:600}
[role=switch]::after{content:"●";flex:none;width:2.75em;padding:0 .35em;border:1px solid;border-radius:1em;line-height:1.4}
[aria-checked=true]::after{background:CanvasText;color:Canvas;text-align:end}
.unseen{position:absolute;width:1px;height:1px;min-height:0;overflow:hidden;clip-path:inset(50%)}
.what label{display:flex;align-items:center;min-height:44px}
[type=checkbox]{flex:none;width:1.5em;height:1.5em}
input{margin-inline-end:1em}
section:not(.box){min-height:17em;margin-block-end:1em}
section:not(.box)>*{padding:4px;margin:0}
section>ul{display:flex;gap:1em;overflow-x:auto}
section>ul>li{flex:1 0 9em;max-width:13em}
.on>:first-child{flex:0 0 9em}
section .on{display:flex;gap:1em;flex-basis:min(100%,40em);max-width:none}
.why,.two button{flex:1}
img{width:100%;aspect-ratio:1;object-fit:cover}
@media(max-width:30em){section>ul,.on{flex-wrap:wrap}section>ul>li{flex-basis:45%;max-width:calc(50% - .5em)}section .on,.why{flex-basis:100%;max-width:none}}
@media(max-height:30em){[popover]{max-height:60vh}.top{position:static}a,button,input,summary{scroll-margin-block:.5em}}
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
