// Recording what somebody says, where a browser can. It fills the file field that is there anyway; without this one
// chooses a file. The page says whether the microphone may be asked for: no other page of ours may.
const LONGEST = 300; // seconds
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export function offerRecording(form) {
  const kind = window.MediaRecorder && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
  const input = form?.querySelector("input[type=file]");
  if (!input || !kind || !navigator.mediaDevices?.getUserMedia) return;

  const { start, stop, going, done, refused } = form.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--secondary";
  button.textContent = start;
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const clock = document.createElement("p");
  clock.hidden = true;
  const box = document.createElement("div");
  box.append(button, clock, said);
  input.closest(".govuk-form-group").before(box);

  let recorder = null;

  const finish = (chunks, seconds) => {
    const type = kind.split(";")[0];
    const files = new DataTransfer();
    files.items.add(new File(chunks, `voice.${type.split("/")[1]}`, { type }));
    input.files = files.files;
    said.textContent = done.replace("{time}", shown(seconds));
  };

  const record = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const chunks = [];
    const begun = Date.now();
    const passed = () => Math.round((Date.now() - begun) / 1000);
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
    const tick = setInterval(() => {
      clock.textContent = shown(passed());
      if (passed() >= LONGEST) recorder.stop();
    }, 500);
    recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(tick);
      stream.getTracks().forEach((track) => track.stop());
      clock.hidden = true;
      button.textContent = start;
      recorder = null;
      finish(chunks, passed());
    });
    recorder.start();
    clock.textContent = shown(0);
    clock.hidden = false;
    button.textContent = stop;
    said.textContent = going;
  };

  button.addEventListener("click", () => {
    if (recorder) recorder.stop();
    else record().catch(() => (said.textContent = refused));
  });
}

function shown(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
