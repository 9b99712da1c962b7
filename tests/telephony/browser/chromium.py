"""What Chromium says about its network: descriptions and candidates as its pages send them.

The addresses are from the blocks that are reserved for documents (RFC 5737, RFC 3849); everything
else is as Chromium 130 and Firefox 132 write it.
"""

HOST4, HOST6 = "192.0.2.17", "2001:db8:85a3::8a2e:370:7334"
MDNS = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local"
PUBLIC, PEER = "198.51.100.23", "198.51.100.99"
RELAY, RELAY6 = "203.0.113.5", "2001:db8:ffff::5"

SECRET_ADDRESSES = (HOST4, HOST6, MDNS, PUBLIC, PEER)
RELAY_ADDRESSES = (RELAY, RELAY6)

_TAIL = "generation 0 ufrag 4ZcD network-id 1 network-cost 10"

CANDIDATES = {
    "host, IPv4": f"candidate:842163049 1 udp 2122260223 {HOST4} 56143 typ host {_TAIL}",
    "host, IPv6": f"candidate:559267639 1 udp 2122202367 {HOST6} 56144 typ host {_TAIL}",
    "host, mDNS": f"candidate:2999745851 1 udp 2122260223 {MDNS} 56145 typ host {_TAIL}",
    "host, TCP": f"candidate:1510613869 1 tcp 1518280447 {HOST4} 9 typ host tcptype active {_TAIL}",
    "server reflexive": (
        f"candidate:1853887674 1 udp 1686052607 {PUBLIC} 56143 typ srflx raddr {HOST4} "
        f"rport 56143 {_TAIL}"
    ),
    "peer reflexive": (
        f"candidate:3021 1 udp 1845501695 {PEER} 51000 typ prflx raddr {HOST6} rport 56144 {_TAIL}"
    ),
}
"""What must not pass."""

RELAYED = {
    "relay, UDP": (
        f"candidate:3747156342 1 udp 41885439 {RELAY} 50301 typ relay raddr {PUBLIC} rport 56143 "
        f"{_TAIL}"
    ),
    "relay, over TCP": (
        f"candidate:1001 1 udp 25108223 {RELAY} 50302 typ relay raddr {HOST6} rport 43210 {_TAIL}"
    ),
    "relay, IPv6": (
        f"candidate:77 1 udp 41820415 {RELAY6} 50303 typ relay raddr :: rport 0 {_TAIL}"
    ),
    "relay, Firefox": f"candidate:3 1 UDP 92217343 {RELAY} 50304 typ relay raddr {RELAY} rport 9",
}
"""What may pass, without the address behind it."""

_FINGERPRINT = ":".join(f"{(n * 37 + 11) % 256:02X}" for n in range(32))

CHROMIUM = "\r\n".join(
    [
        "v=0",
        "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS 7a8cbd4e-1b0f-4a0b-8a3e-0d6a2a6f8f31",
        "m=audio 56143 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
        f"c=IN IP4 {PUBLIC}",
        f"a=rtcp:56147 IN IP4 {HOST4}",
        *(f"a={line}" for line in CANDIDATES.values()),
        *(f"a={line}" for line in RELAYED.values()),
        "a=ice-ufrag:4ZcD",
        "a=ice-pwd:2/1muCWoOi3uLifh0NuRHlB8",
        "a=ice-options:trickle",
        f"a=fingerprint:sha-256 {_FINGERPRINT}",
        "a=setup:actpass",
        "a=mid:0",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=sendrecv",
        "a=msid:7a8cbd4e-1b0f-4a0b-8a3e-0d6a2a6f8f31 0d0d6e7c-3f0a-4d3b-9e94-5f2a0f9b6c11",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        "a=rtpmap:111 opus/48000/2",
        "a=rtcp-fb:111 transport-cc",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=rtpmap:63 red/48000/2",
        "a=fmtp:63 111/111",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:13 CN/8000",
        "a=rtpmap:110 telephone-event/48000",
        "a=rtpmap:126 telephone-event/8000",
        "a=ssrc:2950812073 cname:dKx8qX9p8bQ2yJ1f",
        "a=ssrc:2950812073 msid:7a8cbd4e-1b0f-4a0b-8a3e-0d6a2a6f8f31 0d0d6e7c-3f0a-4d3b",
        "",
    ]
)

FIREFOX = "\r\n".join(
    [
        "v=0",
        "o=mozilla...THIS_IS_SDPARTA-99.0 7098183345367523521 0 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=sendrecv",
        f"a=fingerprint:sha-256 {_FINGERPRINT}",
        "a=group:BUNDLE 0",
        "a=ice-options:trickle",
        "a=msid-semantic:WMS *",
        "m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101",
        f"c=IN IP6 {HOST6}",
        f"a=candidate:0 1 UDP 2122252543 {MDNS} 40133 typ host",
        "a=sendrecv",
        "a=end-of-candidates",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level",
        "a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1",
        "a=fmtp:101 0-15",
        "a=ice-pwd:f1bc8b8ba5a2dbd0bd4b2fcdda8a0b9e",
        "a=ice-ufrag:c4f0a7de",
        "a=mid:0",
        "a=msid:{d0e2b7a1-0e2f-4c1c-8d5f-3ab3f2d4c111} {0c7cf0d0-8f67-4b0c-9a3d-58f4f4de2222}",
        f"a=rtcp:40134 IN IP4 {HOST4}",
        "a=rtcp-mux",
        "a=rtpmap:109 opus/48000/2",
        "a=rtpmap:9 G722/8000/1",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:101 telephone-event/8000/1",
        "a=setup:active",
        "a=ssrc:1592418253 cname:{b7f6a1a8-0c5b-4ad2-8d6e-6c1f0e3d3333}",
        "",
    ]
)
