// Runs before the complete file: the call waits in the queue. Tests reach the instance through this promise.
window.shop = new Promise((found) => {
  window.fordi ??= [];
  window.fordi.push(found);
});
