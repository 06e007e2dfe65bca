// Waiting for something: nested timers are clamped to 4 ms and more, a message takes some 0.1 ms but lets no core rest.

const waiting: (() => void)[] = [];
let port: MessagePort | null = null;

/** Opened with the first waiter and closed with the last, so that an idle page holds no port open. */
function openPort(): MessagePort {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const due = waiting.splice(0);
    for (const resume of due) resume();
    if (waiting.length === 0) {
      channel.port1.close();
      port = null;
    }
  };
  return channel.port2;
}

/** Resolves in a later task, after other work that was already queued. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    port ??= openPort();
    port.postMessage(null);
  });
}

/**
 * Resolves 1 to 2 ms later; the processor rests meanwhile. Browsers clamp only timers that were set by timers to 4 ms, so
 * this one is set by a message.
 */
export async function restingTask(): Promise<void> {
  await nextTask();
  await new Promise((resolve) => setTimeout(resolve, 1));
}
