// A script of a third party that says it has run, under the name in its address.
window.ran ??= [];
window.ran.push(document.currentScript.src.split('?')[1].split('&')[0]);
