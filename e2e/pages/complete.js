document.querySelector('output').textContent = 'loaded';
