// Every word that a tester reads, in English. A translation is one file like this one, registered in index.ts.
// Numbers arrive formatted; functions only put them into sentences.

import type { DeviceFieldId } from "../deviceFieldIds";

interface FieldText {
  name: string;
  meaning: string;
  example: string;
}

const deviceFields: Record<DeviceFieldId, FieldText> = {
  browser: {
    name: "Browser and system",
    meaning: "Name and main version of the browser, and the operating system.",
    example: "Firefox 140, Windows 11",
  },
  vendor: {
    name: "Graphics maker",
    meaning: "Who made the graphics card or its driver, as the browser says it.",
    example: "Google Inc. (NVIDIA)",
  },
  renderer: {
    name: "Graphics card",
    meaning: "What the browser calls the graphics card and its driver, word for word.",
    example: "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0)",
  },
  webgl: {
    name: "WebGL",
    meaning:
      "Version of the browser's graphics interface, how large pictures may be, and the list of its extras.",
    example: "WebGL 2.0; textures up to 16384 pixels, 32 extensions",
  },
  webgpu: {
    name: "WebGPU",
    meaning: "The newer way to the graphics card, where the browser has it: maker and family.",
    example: "nvidia, ampere",
  },
  clientHints: {
    name: "Device details",
    meaning: "On some browsers: exact system version, processor type, and the model of a phone.",
    example: "Android 15, Pixel 8, arm",
  },
  cores: {
    name: "Processor cores",
    meaning: "How many things the processor can do at once.",
    example: "8",
  },
  memory: {
    name: "Memory",
    meaning: "A coarse step, where the browser tells it.",
    example: "8 GB",
  },
  screen: {
    name: "Screen",
    meaning: "Size, sharpness and colours of the screen.",
    example: "1920 × 1080, 1.5 device pixels per pixel, 24 bit",
  },
  refresh: {
    name: "Refresh rate",
    meaning: "How often the screen draws a new picture, measured for two seconds.",
    example: "60 times a second",
  },
  touch: {
    name: "Touch",
    meaning: "How many fingers the screen can follow.",
    example: "5",
  },
  charging: {
    name: "Charging",
    meaning: "Plugged in or on battery, where the browser tells it. Many computers slow down on battery.",
    example: "Plugged in",
  },
  isolated: {
    name: "Isolated page",
    meaning: "Whether the browser gives this page its precise clock.",
    example: "Yes",
  },
  tick: {
    name: "Clock step",
    meaning: "The smallest time that this browser's clock can tell apart.",
    example: "0.1 ms",
  },
};

export const en = {
  language: "en",
  direction: "ltr",
  kit: "Fieldkit",
  newTab: "(opens in a new tab)",
  stepOf: (step: string, of: string) => `Step ${step} of ${of}`,

  units: {
    megabytes: (value: string) => `${value} MB`,
    seconds: (value: string) => `${value} seconds`,
    minutes: (value: string) => `${value} minutes`,
    milliseconds: (value: string) => `${value} ms`,
    gigabytes: (value: string) => `${value} GB`,
    perSecond: (value: string) => `${value} times a second`,
  },

  common: {
    back: "Back",
    yes: "Yes",
    no: "No",
    unknown: "The browser does not say",
    tryAgain: "Try again",
    stopHere: "Stop here",
    howMeasured: "How it is measured",
    privacy: "What is kept, and how to delete it",
  },

  intro: {
    start: "Start",
    resume: "Continue",
    resumeText: "You began this visit earlier in this browser. Nothing that was measured is lost.",
    startOver: "Start a new visit",
    what: "A small neural network paints a picture from your play of light and dark, live, on this device.",
    steps: [
      "You read what is asked, and agree or not.",
      "Your browser downloads the network and measures how fast it runs here.",
      "You draw, and it paints, as long as you like.",
    ],
    duration: (time: string) => `About ${time} of measuring`,
    download: (size: string) => `${size} download`,
    noAccount: "No name, no account",
    codeSummary: "I have a code from another browser on this computer",
    codeLabel: "Code",
    codeHint:
      "8 letters and digits from the last page of the other visit. It lets the study compare two browsers on one computer.",
    codeInvalid: "A code has 8 letters and digits. Check it, or leave the field empty.",
    batteryHint: "If this is a laptop, plug it in. Close heavy tabs if you can.",
  },

  consent: {
    heading: "What is asked of you",
    fieldsHeading: "What your browser will be asked about this device",
    fieldsText:
      "You see the real values next, before anything about the device is sent, and you can keep them to yourself.",
    field: "Field",
    meaning: "What it means",
    example: "Example",
    measuredHeading: "What is measured",
    measuredText:
      "How long the network takes for each picture, how many new pictures a second reach your screen, and whether the picture is right. What you draw, your files and your webcam never leave this device.",
    neverHeading: "What is not kept",
    neverText:
      "Your name, your network address and your browser's full identification text are not stored. The visit is stored without your name or address; your device may be recognisable.",
    stopText: "You can stop at any time. On the last page you can delete everything that was sent.",
    storage:
      "This browser remembers a random number, so that two visits count as one computer. Deleting your data erases it too.",
    checkbox: "I have read this and agree",
    agree: "Agree and continue",
    needCheckbox: "To go on, tick the box above. If you would rather not take part, just close this page.",
    sending: "One moment: the visit is being registered.",
    waiting: "The server cannot be reached just now. This page keeps trying; you need not do anything.",
    codeRefused: "The code was not accepted. Check it, or leave it empty, then agree again.",
    refused: (reason: string) => `The server did not accept the visit: ${reason}`,
  },

  device: {
    heading: "This is what your browser says",
    probing: "Looking at this device. This takes about two seconds.",
    text: "Only this is sent about the device. If you keep it, you can still take part: your figures then count without a device.",
    send: "Send and continue",
    decline: "Don't send",
    raw: "Show it exactly as it is sent",
    failed: (reason: string) => `The device could not be read: ${reason} You can go on without it.`,
    limits: (size: string, extensions: string) => `textures up to ${size} pixels, ${extensions} extensions`,
    pixels: (width: string, height: string, ratio: string, depth: string) =>
      `${width} × ${height}, ${ratio} device pixels per pixel, ${depth} bit`,
    none: "None",
    plugged: "Plugged in",
    battery: "On battery",
  },
  deviceFields,

  noWebgl: {
    heading: "This browser cannot run the network",
    text: "It offers no WebGL, the part of a browser that lets a page use the graphics card. You did nothing wrong, and knowing this helps the study: it was noted.",
    hint: "Another browser on this computer may well work. Sometimes a setting called hardware acceleration is switched off.",
    reason: (reason: string) => `The browser's own words: ${reason}`,
    finish: "Finish",
  },

  download: {
    heading: "Fetching the network",
    text: "It is downloaded once and then stays in this browser.",
    progressName: "Model download",
    progress: (loaded: string, total: string) => `${loaded} of ${total} MB`,
    failed: (reason: string) => `The download broke off: ${reason}`,
    failedHint: "What has arrived is kept. Trying again continues from there.",
  },

  measure: {
    heading: "Now the measuring",
    text: (time: string) =>
      `This takes about ${time} and runs by itself. The pictures that pass by are a preview of what you will paint.`,
    rules: [
      "Keep this tab in front and the screen on.",
      "Leave the computer to it until the bar is full.",
      "You can stop at any time; what was measured is kept.",
    ],
    start: "Start measuring",
    stop: "Stop",
    progressName: "Measuring",
    running: "Measuring. Please keep this tab in front.",
    hidden: "This tab was in the background. The measurement of that moment is marked; it goes on by itself.",
    block: (index: string, count: string) => `Part ${index} of ${count}`,
    phases: {
      load: "Preparing",
      golden: "Checking that the picture is right",
      warmup: "Warming up",
      capability: "As fast as it can",
      displayed: "In step with the screen",
    },
    secondsLeft: (seconds: string) => `about ${seconds} s left`,
    almost: "almost done",
    fps: (value: string) => `${value} frames a second`,
    stoppedHeading: "Stopped",
    stoppedText: (runs: string) => `What was measured until now is kept (${runs}).`,
    runs: (count: number, shown: string) => (count === 1 ? "1 part" : `${shown} parts`),
    failed: (reason: string) => `The measuring broke off: ${reason}`,
    failedHint: "What was measured until now is kept.",
    paint: "Go on to painting",
    end: "Finish here",
    canvas: "Preview painted by the network",
  },

  play: {
    heading: "Paint with light and dark",
    drawing: "Your light and dark",
    drawingHelp:
      "Drawing area. Arrow keys move the brush, with Shift in larger steps. Hold the space bar and move to paint, or press it to dab. Keys 1 to 5 choose the tone, plus and minus the size, Z undoes.",
    picture: "Painted picture",
    waiting: "The first picture is on its way. It can take a few seconds.",
    tone: "Tone",
    tones: ["Black", "Dark", "Middle", "Light", "White"],
    size: "Brush size",
    undo: "Undo",
    clear: "Clear",
    sketches: "Start from",
    sketchNames: {
      bloom: "Bloom",
      rose: "Rose",
      pair: "Two blooms",
      meadow: "Meadow",
      bells: "Bells",
      dusk: "Dusk",
    } as Record<string, string>,
    image: "Open picture",
    imageRefused: "This file is not a picture that the browser can open. Try a JPEG or PNG file.",
    webcam: "Use webcam",
    webcamStop: "Stop webcam",
    webcamInsecure: "The webcam works only on https pages, so it is left out here.",
    webcamRefused:
      "The webcam was not allowed. You can change that in the browser's address bar, or keep drawing.",
    webcamMissing: "No webcam was found.",
    webcamBusy: "The webcam is in use by another program. Close that and try again.",
    save: "Save picture",
    saveName: "painted-picture.png",
    saved: "The picture was saved.",
    saveFailed: "The picture could not be read back from the graphics card.",
    model: "Model",
    mode: "Output mode",
    fps: (value: string) => `${value} fps`,
    fpsHint: "New pictures a second, live",
    resting: "resting",
    failed: (reason: string) => `This mode stopped working: ${reason} Choose another one or try again.`,
    finish: "Finish",
    seen: "What the network sees",
    undone: "Undone.",
    cleared: "Cleared.",
    own: {
      summary: "Try a model of your own",
      what: "Any TensorFlow.js model that turns one picture into another: model.json and its .bin files, in any order, or their folder.",
      stays:
        "Your browser reads the files itself; they are not uploaded. The study is told only a fingerprint of them and how many pictures a second they painted.",
      dropHere: "Drop the files anywhere on this page, or",
      choose: "Choose files",
      progressName: "Reading the model",
      reading: "Reading the model.",
      needsModel: "The model.json is still missing. Drop it too.",
      missing: (names: string, more: number) =>
        more > 0
          ? `Still missing: ${names} and ${more} more. Drop them too.`
          : `Still missing: ${names}. Drop them too.`,
      notAModel: (name: string) =>
        `${name} is no part of a TensorFlow.js model. Drop model.json and the .bin files that came with it.`,
      refused: (reason: string) => `This model cannot run here: ${reason}`,
      ready: "The model is painting.",
      back: "Back to the study's model",
      option: (name: string) => `Your own (${name})`,
      name: "File",
      takes: "Takes",
      gives: "Gives",
      picture: (height: number, width: number, channels: number) =>
        `${width} × ${height} pixels, ${{ 1: "grey", 3: "colour", 4: "colour and alpha" }[channels] ?? channels}`,
      parameters: "Parameters",
      size: "Size",
      values: "Its values",
      knownRange: (low: number, high: number) => `from ${low} to ${high}`,
      fingerprint: "Fingerprint",
      inputRange: "Black and white go in as",
      outputRange: "Black and white come out as",
      range: (low: number, high: number) => `${low} and ${high}`,
      side: "Picture size",
      sides: (side: number) => `${side} × ${side}`,
      sees: "It sees",
      seesAll: "The drawing as it is",
      seesCells: "Ten by ten greys, as the study's network",
    },
  },

  modes: {
    auto: { name: "Automatic", about: "Whatever is quickest on this device" },
    "tfjs-pixels": {
      name: "TensorFlow.js, read back",
      about: "WebGL; the picture is read back and drawn again",
    },
    "tfjs-webgl": { name: "TensorFlow.js, direct", about: "WebGL; the picture stays on the graphics card" },
    "direct-webgl": { name: "Fieldkit, WebGL", about: "Our own engine on WebGL" },
    "direct-webgpu": { name: "Fieldkit, WebGPU", about: "Our own engine on WebGPU" },
    "direct-wasm": { name: "Fieldkit, processor", about: "Our own engine on the processor" },
    "tfjs-webgpu": { name: "TensorFlow.js, WebGPU", about: "WebGPU; for comparison" },
    "tfjs-wasm": { name: "TensorFlow.js, processor", about: "The processor; for comparison" },
    "ort-wasm": { name: "ONNX Runtime, processor", about: "The processor; for comparison" },
    "ort-webgpu": { name: "ONNX Runtime, WebGPU", about: "WebGPU; for comparison" },
    "litert-webgpu": { name: "LiteRT, WebGPU", about: "WebGPU; for comparison" },
  } as Record<string, { name: string; about: string }>,

  thanks: {
    heading: "Thank you",
    text: "Your visit helps to learn what this network can do on real devices.",
    stoppedText: "You stopped early; what was measured until then is kept and useful.",
    noWebglText: "That it does not run here is a finding too.",
    own: "Your figures",
    ownText: "Each dot is one part of the measurement, the bar is the middle of them.",
    capability: "Time for one picture",
    capabilityUnit: "milliseconds, shorter is faster",
    displayed: "New pictures on screen",
    displayedUnit: "a second, longer is smoother",
    outcomes: {
      ok: "Measured",
      wrong_output: "The picture was not right, so its speed does not count",
      unavailable: "Not available in this browser",
      failed: "Did not work here",
      too_slow: "Too slow to measure",
      stopped: "Stopped",
      lost: "Broke off",
    } as Record<string, string>,
    noFigures: "Nothing was measured in this visit.",
    condition: (model: string, mode: string) => `${model}, ${mode}`,
    sent: "What was sent",
    sentText: "Every message of this visit, exactly as the server got it.",
    sentNothing: "Nothing was sent.",
    pending: (count: number, shown: string) =>
      count === 1
        ? "1 message still waits to be sent. Please keep this page open for a moment."
        : `${shown} messages still wait to be sent. Please keep this page open for a moment.`,
    allSent: "Everything has arrived. You can close this page.",
    memoryOnly:
      "This browser keeps nothing (private window), so please wait here until everything has arrived.",
    join: "Another browser on this computer?",
    joinText:
      "Open the same link in the other browser and enter this code at the start. It is valid for 24 hours.",
    joinFailed: "The code could not be fetched. It needs a connection to the server.",
    joinGet: "Get a code",
    remove: "Delete my data",
    removeText: "This erases from the study everything that your visit sent. It cannot be undone.",
    removeConfirm: "Delete everything that this visit sent? This cannot be undone.",
    removeYes: "Yes, delete it",
    removeNo: "Keep it",
    removed: "Your data was deleted.",
    removedText:
      "Nothing of this visit is left except the note that a visit was deleted. This browser has forgotten its number.",
    removeFailed: (reason: string) => `The data could not be deleted yet: ${reason} Please try again.`,
  },

  closed: {
    heading: "This study is closed",
    text: "It takes no more visits. Thank you for your interest.",
  },

  errors: {
    unexpected: (reason: string) =>
      `Something went wrong on this page: ${reason} Reloading it continues your visit.`,
  },
};

/** What a translation has to provide: the same keys, the same parameters. */
export type Strings = typeof en;
