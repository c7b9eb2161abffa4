import type { Embed } from '../ui/embed.js';

/** What makes the place of a frame: read while it is hidden, so that a percentage is still one. */
const SHAPE = [
  ...['width', 'height', 'aspect-ratio', 'min-width', 'max-width', 'min-height', 'max-height', 'box-sizing', 'vertical-align'],
  ...['margin', 'padding', 'border-width', 'border-style', 'border-color', 'position', 'inset', 'float', 'z-index'],
  ...['flex', 'order', 'align-self', 'justify-self', 'grid-area'],
];

/** Too small for a button: a frame nobody is meant to see. */
const TINY = /^(1?\d|2[0-3])(\.\d+)?px$/;

/** A frame that is nowhere given a size has this one. */
function sizeOf(shape: CSSStyleDeclaration, display: string) {
  const free = shape.width === 'auto';
  const ratio = shape.aspectRatio !== 'auto' && !free;
  return {
    display: display === 'inline' ? 'inline-block' : display,
    overflow: 'auto',
    background: 'Canvas',
    outline: '1px solid #8888',
    ...(free && { width: '300px' }),
    ...(shape.height === 'auto' && !ratio && { height: '150px' }),
  };
}

/**
 * Puts `<fordi-embed>` where the frame stands, just as large, and hides the frame. Returns what undoes it; nothing where the
 * frame was not to be seen.
 */
export function standIn(frame: HTMLIFrameElement, once: () => void): (() => void) | undefined {
  const shape = getComputedStyle(frame);
  const { display } = shape;
  if (display === 'none') return;
  const own = frame.style.display;
  frame.style.setProperty('display', 'none', 'important');
  const box = document.createElement('div');
  for (const name of SHAPE) box.style.setProperty(name, shape.getPropertyValue(name));
  Object.assign(box.style, sizeOf(shape, display));
  const leave = () => {
    const focused = box.contains(document.activeElement);
    frame.style.display = own;
    box.remove();
    if (focused) frame.focus(); // what was pressed is gone
  };
  if (TINY.test(box.style.width) || TINY.test(box.style.height)) return void leave();
  const { fordiPurpose: purpose = '', fordiService: service = '' } = frame.dataset;
  const embed: Embed = Object.assign(document.createElement('fordi-embed'), { purpose, service, label: frame.title, once });
  box.append(embed);
  frame.before(box);
  return leave;
}
