// Vite's way to have more pages than one.
export default { build: { rolldownOptions: { input: ['index.html', 'worker.html'] } } }
