// How is this page a telephone? It speaks SIP with the centre's Asterisk by the page's one socket, and sound
// goes straight between the two. Loaded only where agents answer so: JsSIP is large.
//
// The centre's view says what is wanted. What rings is answered when she has pressed *Answer*, or when the view
// says that she is in a call: then it is her own, which comes back after a reload or a lost connection. The page
// never ends a call by itself; the centre does when she asks for it.
//
// Sound does not pass by the socket, so it goes on while that is away. When it is back the page registers anew
// and says within the call where its signals go now, or Asterisk could not even end the call.

import { Echo, type Finding } from "./echo.ts";
import { UA, type RTCSession, type Socket } from "./jssip.js";
import { LineMeter } from "../lib/line_meter.ts";
import type { Quality } from "../lib/line_quality.ts";
import type { Player } from "../lib/player.ts";
import type { AgentView, Ice, PhoneAccount, PhoneMessage, Saying } from "../lib/protocol.ts";
import { SoundWatch } from "../lib/sound_watch.ts";

/** Asterisk is told all addresses of this browser together, once so long no other was found. */
const LAST_ADDRESS_MS = 100;
/** A sound that is lost is mended within the call for so long; then the call is rung anew. */
const MEND_MS = 8000;
/** A call that the centre has ended and Asterisk not is ended here after so long. */
const LEFTOVER_MS = 3000;
const REGISTER_AGAIN_MS = 3000;
const REALM = "openline.invalid";

interface PhoneParts {
  readonly account: PhoneAccount;
  readonly player: Player;
  /** Plays the other side. */
  readonly remote: HTMLAudioElement;
  ice(): Ice;
  microphone(): MediaStreamTrack | null;
  isMuted(): boolean;
  mention(saying: Saying): boolean;
  /** It is registered now, or heard, or no longer. */
  changed(): void;
}

/** Carries SIP by the page's socket. */
class Carrier implements Socket {
  readonly via_transport = "WS";
  readonly url = `ws://${REALM}`;
  readonly sip_uri = `sip:${REALM};transport=ws`;
  onconnect = (): void => {};
  ondisconnect: (isError: boolean) => void = () => {};
  ondata: (text: string) => void = () => {};
  #mention: (saying: Saying) => boolean;
  #hasCall: () => boolean;
  #isWanted = false;
  #isUp = false;

  constructor(mention: (saying: Saying) => boolean, hasCall: () => boolean) {
    this.#mention = mention;
    this.#hasCall = hasCall;
  }

  connect(): void {
    this.#isWanted = true;
    this.open();
  }

  disconnect(): void {
    this.#isWanted = this.#isUp = false;
  }

  isConnected(): boolean {
    return this.#isUp;
  }

  isConnecting(): boolean {
    return this.#isWanted && !this.#isUp;
  }

  send(text: string): boolean {
    return this.#isUp && this.#mention({ t: "sip", text });
  }

  /** Asks for the way to Asterisk, where the centre can be asked. */
  open(): void {
    if (this.#isWanted && !this.#isUp) this.#mention({ t: "telephone", open: true, call: this.#hasCall() });
  }

  hear(message: PhoneMessage): void {
    if (message.t === "sip") {
      if (this.#isUp) this.ondata(message.text);
    } else if (message.open) {
      this.#isUp = true;
      this.onconnect();
    } else {
      // Also where it never was there: JsSIP asks again after a while once it is told.
      this.#isUp = false;
      this.ondisconnect(false);
    }
  }

  /** Takes the way for broken. */
  lost(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.ondisconnect(false);
  }
}

/** Is the page's telephone. */
export class BrowserPhone {
  quality: Quality | null = null;
  #parts: PhoneParts;
  #carrier: Carrier;
  #agent: UA;
  #session: RTCSession | null = null;
  #watch: SoundWatch | null = null;
  #meter: LineMeter | null = null;
  #isTaken = false;
  #isInCall = false;
  #registering: ReturnType<typeof setTimeout> | undefined;
  #mending: ReturnType<typeof setTimeout> | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #silence: MediaStreamTrack | null = null;
  #echo: Echo | null = null;

  constructor(parts: PhoneParts) {
    this.#parts = parts;
    this.#carrier = new Carrier(
      (saying) => parts.mention(saying),
      () => this.#session?.isEstablished() === true,
    );
    this.#agent = new UA({
      sockets: [this.#carrier],
      uri: `sip:${parts.account.user}@${REALM}`,
      password: parts.account.password,
      register_expires: 600,
      // It rings for as long as the centre lets it.
      no_answer_timeout: 3600,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
      user_agent: "Openline",
    });
    this.#agent.on("registered", () => this.#registered());
    this.#agent.on("unregistered", () => this.#notRegistered());
    this.#agent.on("registrationFailed", () => this.#notRegistered());
    this.#agent.on("newRTCSession", ({ originator, session }) => {
      if (originator === "remote") this.#ring(session);
    });
    this.#agent.start();
  }

  /** Whether it can be rung. */
  get isRegistered(): boolean {
    return this.#agent.isRegistered();
  }

  /** Whether the other side is heard. */
  get isUp(): boolean {
    return this.#watch?.isUp === true;
  }

  /** Learns that the page's socket is there, or no longer. */
  link(isOnline: boolean): void {
    if (isOnline) this.#carrier.open();
    else this.#carrier.lost();
  }

  hear(message: PhoneMessage): void {
    this.#carrier.hear(message);
  }

  /** Takes in what is wanted now. */
  follow(view: AgentView): void {
    this.#isInCall = view.call !== null;
    if (view.call === null && view.offer === null) this.#isTaken = false;
    clearTimeout(this.#leaving);
    if (!this.#isInCall && view.offer === null && this.#session !== null) {
      this.#leaving = setTimeout(() => this.#drop(), LEFTOVER_MS);
    }
    this.#answer();
  }

  /** Takes the call that rings, or will in a moment. */
  take(): void {
    this.#isTaken = true;
    this.#answer();
  }

  /** Sends the microphone as it is now. */
  refreshMicrophone(): void {
    const sender = this.#session?.connection?.getSenders()[0];
    void sender?.replaceTrack(this.#parts.microphone() ?? this.#silent());
    this.#mute();
  }

  /** Whether headset and network are being tried. */
  get isTrying(): boolean {
    return this.#echo !== null;
  }

  /** Tries headset and network, or ends that; a call that rings ends it, too. */
  tryOut(track: MediaStreamTrack, tell: (finding: Finding) => void): void {
    if (this.#echo || this.#session) return;
    this.#echo = new Echo({
      agent: this.#agent,
      address: `sip:echo@${REALM}`,
      track,
      ice: { iceServers: [...this.#parts.ice().servers] },
      heard: (stream) => this.#play(stream),
      answering: (session) => gatherQuickly(session),
      tell: (finding) => {
        if (finding === "over" || finding === "no_way") this.#echo = null;
        tell(finding);
      },
    });
  }

  endTrial(): void {
    this.#echo?.stop();
  }

  /** Sends a key's tone to the other side. */
  press(key: string): void {
    if (this.#session?.isEstablished()) this.#session.sendDTMF(key, { transportType: "RFC2833" });
  }

  /** Ends being a telephone: another page is it, or nobody. */
  stop(): void {
    clearTimeout(this.#registering);
    clearTimeout(this.#leaving);
    this.endTrial();
    this.#drop();
    this.#agent.stop();
  }

  #registered(): void {
    clearTimeout(this.#registering);
    this.#parts.mention({ t: "telephone", registered: true });
    if (this.#session?.isEstablished()) {
      this.#session.renegotiate({ rtcOfferConstraints: { iceRestart: !this.isUp } });
    }
    this.#parts.changed();
  }

  #notRegistered(): void {
    this.#parts.mention({ t: "telephone", registered: false });
    clearTimeout(this.#registering);
    this.#registering = setTimeout(() => {
      if (this.#agent.isConnected() && !this.#agent.isRegistered()) this.#agent.register();
    }, REGISTER_AGAIN_MS);
    this.#parts.changed();
  }

  #ring(session: RTCSession): void {
    // Rung again: what there was before is over for the centre.
    this.#drop();
    this.endTrial();
    this.#session = session;
    gatherQuickly(session);
    session.on("peerconnection", ({ peerconnection }) => this.#attend(session, peerconnection));
    session.on("confirmed", () => this.#mute());
    const over = (): void => {
      if (this.#session === session) this.#forget();
    };
    session.on("ended", over);
    session.on("failed", over);
    // JsSIP says that it rings before it lets itself be answered.
    queueMicrotask(() => this.#answer());
  }

  #answer(): void {
    const session = this.#session;
    if (!session?.isInProgress() || !(this.#isTaken || this.#isInCall)) return;
    const track = this.#parts.microphone() ?? this.#silent();
    session.answer({
      mediaStream: new MediaStream([track]),
      pcConfig: { iceServers: [...this.#parts.ice().servers] },
    });
  }

  #attend(session: RTCSession, peer: RTCPeerConnection): void {
    this.#meter = new LineMeter(peer, (quality) => {
      this.quality = quality;
      this.#parts.changed();
    });
    this.#watch = new SoundWatch(
      (milliseconds, call) => {
        const id = setTimeout(call, milliseconds);
        return () => clearTimeout(id);
      },
      (isUp) => this.#heard(session, isUp),
    );
    const watch = this.#watch;
    peer.addEventListener("connectionstatechange", () => watch.see(peer.connectionState));
    peer.addEventListener("track", ({ track }) => this.#play(new MediaStream([track])));
  }

  #play(stream: MediaStream): void {
    const { remote, player } = this.#parts;
    remote.srcObject = stream;
    remote.muted = false;
    void player.keepPlaying(remote);
  }

  #heard(session: RTCSession, isUp: boolean): void {
    if (this.#session !== session) return;
    this.#meter?.run(isUp);
    clearTimeout(this.#mending);
    if (!isUp) {
      this.quality = null;
      if (session.isEstablished() && this.isRegistered) {
        session.renegotiate({ rtcOfferConstraints: { iceRestart: true } });
      }
      this.#mending = setTimeout(() => this.#parts.mention({ t: "telephone", again: true }), MEND_MS);
    }
    this.#parts.changed();
  }

  #mute(): void {
    const session = this.#session;
    if (!session?.isEstablished()) return;
    // JsSIP switches the microphone on again with each change of the call, unless it knows of it.
    if (this.#parts.isMuted()) session.mute({ audio: true });
    else session.unmute({ audio: true });
  }

  /** Sent where she practises or types without a microphone. */
  #silent(): MediaStreamTrack {
    this.#silence ??= new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0] ?? null;
    if (this.#silence === null) throw new Error("no silence");
    return this.#silence;
  }

  #drop(): void {
    const session = this.#session;
    this.#forget();
    if (session && !session.isEnded()) session.terminate();
  }

  #forget(): void {
    clearTimeout(this.#mending);
    this.#watch?.stop();
    this.#meter?.run(false);
    this.#watch = this.#meter = this.#session = null;
    this.quality = null;
    this.#parts.remote.srcObject = null;
    this.#parts.changed();
  }
}

/** Lets JsSIP go on once no other address was found for a moment; else it waits for a relay that does not answer. */
function gatherQuickly(session: RTCSession): void {
  let last: ReturnType<typeof setTimeout> | undefined;
  session.on("icecandidate", ({ ready }) => {
    clearTimeout(last);
    last = setTimeout(ready, LAST_ADDRESS_MS);
  });
}
