// What is used of JsSIP, and no more: its own types need those of Node. Keep in step with jssip.js.

/** What JsSIP sends and hears by. */
export interface Socket {
  readonly via_transport: string;
  readonly url: string;
  readonly sip_uri: string;
  onconnect(): void;
  ondisconnect(isError: boolean): void;
  ondata(text: string): void;
  connect(): void;
  disconnect(): void;
  isConnected(): boolean;
  isConnecting(): boolean;
  send(text: string): boolean;
}

export interface RTCSession {
  readonly connection: RTCPeerConnection | null;
  isInProgress(): boolean;
  isEstablished(): boolean;
  isEnded(): boolean;
  answer(options: { mediaStream: MediaStream; pcConfig: RTCConfiguration }): void;
  terminate(): void;
  mute(options: { audio: boolean }): void;
  unmute(options: { audio: boolean }): void;
  renegotiate(options: { rtcOfferConstraints: RTCOfferOptions }): boolean;
  sendDTMF(tone: string, options: { transportType: "RFC2833" }): void;
  on(what: "peerconnection", call: (event: { readonly peerconnection: RTCPeerConnection }) => void): this;
  on(what: "icecandidate", call: (event: { readonly ready: () => void }) => void): this;
  on(what: "confirmed" | "ended" | "failed", call: () => void): this;
}

export declare class UA {
  constructor(settings: {
    sockets: Socket[];
    uri: string;
    password: string;
    register_expires: number;
    no_answer_timeout: number;
    session_timers: boolean;
    connection_recovery_min_interval: number;
    connection_recovery_max_interval: number;
    user_agent: string;
  });
  start(): void;
  stop(): void;
  register(): void;
  call(
    address: string,
    options: {
      mediaStream: MediaStream;
      pcConfig: RTCConfiguration;
      eventHandlers: {
        peerconnection(event: { readonly peerconnection: RTCPeerConnection }): void;
        failed(): void;
        ended(): void;
      };
    },
  ): RTCSession;
  isConnected(): boolean;
  isRegistered(): boolean;
  on(what: "registered" | "unregistered" | "registrationFailed", call: () => void): this;
  on(what: "newRTCSession", call: (event: { readonly originator: string; readonly session: RTCSession }) => void): this;
}
