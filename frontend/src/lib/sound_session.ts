// How do the two sides come to hear each other? `SoundSession` is one peer connection; `Conversation`
// follows the centre's orders about sound (connect, hold, resume, music, quiet) with one session at a time.
//
// A newer session replaces an older one; nothing is renegotiated. Music goes on until the other side is
// heard. On hold and under music the microphone is not sent at all.

import { LineMeter } from "./line_meter.ts";
import type { Quality } from "./line_quality.ts";
import type { Player } from "./player.ts";
import type { Ice, Saying, SignalContent, SoundMessage } from "./protocol.ts";
import { SoundWatch } from "./sound_watch.ts";

interface SessionParts {
  readonly number: number;
  readonly isOfferer: boolean;
  readonly isRelayOnly: boolean;
  readonly ice: Ice;
  readonly track: MediaStreamTrack | null;
  send(data: SignalContent): void;
  heard(stream: MediaStream): void;
  report(isUp: boolean): void;
  quality(quality: Quality): void;
}

/** Is one peer connection, from its beginning until it is thrown away. */
export class SoundSession {
  readonly number: number;
  #parts: SessionParts;
  #peer: RTCPeerConnection;
  #watch: SoundWatch;
  #track: MediaStreamTrack | null;
  #early: RTCIceCandidateInit[] = [];
  #work: Promise<void> = Promise.resolve();
  #meter: LineMeter;

  constructor(parts: SessionParts) {
    this.number = parts.number;
    this.#parts = parts;
    this.#track = parts.track;
    this.#peer = new RTCPeerConnection({
      iceServers: parts.ice.servers,
      iceTransportPolicy: parts.isRelayOnly ? "relay" : "all",
    });
    this.#meter = new LineMeter(this.#peer, parts.quality);
    this.#watch = new SoundWatch(timeout, (isUp) => {
      this.#meter.run(isUp);
      parts.report(isUp);
    });
    this.#peer.onconnectionstatechange = () => this.#watch.see(this.#peer.connectionState);
    this.#peer.onicecandidate = ({ candidate }) => {
      if (candidate && candidate.candidate !== "") parts.send({ candidate: candidate.toJSON() });
    };
    this.#peer.ontrack = ({ track }) => parts.heard(new MediaStream([track]));
    if (parts.isOfferer) {
      this.#peer.addTransceiver(this.#track ?? "audio", { direction: "sendrecv" });
      this.#next(() => this.#describe());
    }
  }

  get isUp(): boolean {
    return this.#watch.isUp;
  }

  /** Takes in what the other side signals; in order, each after the one before is done. */
  receive(data: SignalContent): void {
    if ("description" in data) this.#next(() => this.#accept(data.description));
    else this.#next(() => this.#addCandidate(data.candidate));
  }

  /** Sends this microphone from now on, or nothing. */
  setTrack(track: MediaStreamTrack | null): void {
    this.#track = track;
    this.#next(async () => {
      await this.#peer.getTransceivers()[0]?.sender.replaceTrack(track);
    });
  }

  close(): void {
    this.#watch.stop();
    this.#meter.run(false);
    this.#peer.onconnectionstatechange = this.#peer.onicecandidate = this.#peer.ontrack = null;
    this.#peer.close();
  }

  async #accept(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#peer.setRemoteDescription(description);
    if (description.type === "offer") {
      const transceiver = this.#peer.getTransceivers()[0];
      if (transceiver) {
        transceiver.direction = "sendrecv";
        await transceiver.sender.replaceTrack(this.#track);
      }
      await this.#describe();
    }
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) await this.#addCandidate(candidate);
  }

  async #describe(): Promise<void> {
    await this.#peer.setLocalDescription();
    const description = this.#peer.localDescription;
    if (description) this.#parts.send({ description: { type: description.type, sdp: description.sdp } });
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#peer.remoteDescription === null) this.#early.push(candidate);
    else await this.#peer.addIceCandidate(candidate);
  }

  /** Does one step after the others. A step that fails leaves the connection to `SoundWatch`. */
  #next(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#isClosed()) return;
      try {
        await step();
      } catch (error) {
        if (this.#isClosed()) return;
        console.warn("sound session", this.number, error instanceof Error ? error.name : "failed");
      }
    });
  }

  #isClosed(): boolean {
    return this.#peer.signalingState === "closed";
  }
}

interface ConversationParts {
  readonly player: Player;
  /** Plays the other side. */
  readonly remote: HTMLAudioElement;
  /** Whether this side hears music while it holds or is held. */
  readonly hearsHoldMusic: boolean;
  microphone(): MediaStreamTrack | null;
  say(saying: Saying): void;
  mention(saying: Saying): boolean;
  /** The other side is heard now, or no longer; or there is a new word for the line. */
  changed(): void;
}

/** Carries out the centre's orders about sound. */
export class Conversation {
  ice: Ice = { servers: [] };
  quality: Quality | null = null;
  #parts: ConversationParts;
  #session: SoundSession | null = null;
  #isParked = false;
  /** The session in which nothing is heard, since the call is typed. */
  #text: number | null = null;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
  }

  /** The session whose other side is heard; null while there is none. */
  get connected(): number | null {
    return this.#session?.isUp ? this.#session.number : this.#text;
  }

  /** Carries one order out. */
  order(message: SoundMessage): void {
    if (message.t !== "signal") this.#text = null;
    switch (message.t) {
      case "text":
        this.end();
        this.#text = message.session;
        break;
      case "connect":
        this.#connect(message.session, message.offerer, message.relay_only);
        break;
      case "signal":
        if (this.#session?.number === message.session) this.#session.receive(message.data);
        break;
      case "hold":
        this.#park(true);
        if (this.#parts.hearsHoldMusic && message.url) this.#parts.player.music(message.url);
        break;
      case "music":
        this.#park(true);
        this.#parts.player.music(message.url);
        break;
      case "resume":
        this.#parts.player.stop();
        this.#park(false);
        break;
      case "quiet":
        this.end();
        break;
    }
  }

  /** Sends the page's microphone as it is now (after a device changed). */
  refreshMicrophone(): void {
    this.#session?.setTrack(this.#isParked ? null : this.#parts.microphone());
  }

  /** Ends every sound. */
  end(): void {
    this.#parts.player.stop();
    this.#discard();
    this.#isParked = false;
    this.#text = null;
  }

  #connect(number: number, isOfferer: boolean, isRelayOnly: boolean): void {
    if (this.#session?.number === number) return;
    this.#discard();
    this.#isParked = false;
    this.#session = new SoundSession({
      number,
      isOfferer,
      isRelayOnly,
      ice: this.ice,
      track: this.#parts.microphone(),
      send: (data) => this.#parts.mention({ t: "signal", session: number, data }),
      heard: (stream) => {
        this.#parts.remote.srcObject = stream;
        this.#playRemote();
      },
      report: (isUp) => {
        this.#parts.say({ t: "sound", session: number, up: isUp });
        if (isUp && !this.#isParked) this.#parts.player.stop();
        if (!isUp) this.quality = null;
        this.#playRemote();
        this.#parts.changed();
      },
      quality: (quality) => {
        this.quality = quality;
        this.#parts.changed();
      },
    });
    this.#playRemote();
  }

  #park(isParked: boolean): void {
    this.#isParked = isParked;
    this.refreshMicrophone();
    this.#playRemote();
  }

  #playRemote(): void {
    const { remote, player } = this.#parts;
    remote.muted = this.#isParked || !this.#session?.isUp;
    if (remote.srcObject) void player.keepPlaying(remote);
  }

  #discard(): void {
    this.#session?.close();
    this.#session = null;
    this.quality = null;
    this.#parts.remote.srcObject = null;
  }
}

function timeout(milliseconds: number, call: () => void): () => void {
  const id = setTimeout(call, milliseconds);
  return () => clearTimeout(id);
}
