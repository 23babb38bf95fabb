// ruleid: words-run-as-script
eval(words);
// ok: words-run-as-script
setTimeout(go, 100);

// ruleid: words-made-into-page
part.innerHTML = words;
// ok: words-made-into-page
part.textContent = words;

// ruleid: kept-in-the-browser
localStorage.setItem("a", "b");
// ok: kept-in-the-browser
const kept = new Map();
