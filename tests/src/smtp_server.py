"""A mail server that says what it gets.

It listens on a free port of this machine and prints the port on its first
line, then each message that it is handed as one line of JSON. It puts off the
first message to an address that begins with "busy" and every one to "full", and
refuses an address that begins with "gone" for good. It ends when its input ends.

Its argument says how it is protected: "none", "starttls" or "tls". With the last
two it asks for the password of the user "help", and has its certificate in
cert.pem and the key in key.pem.
"""

import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Printer:
    def __init__(self):
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 there is nobody of that name"
        if address.startswith("full"):
            return "452 the mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(
            envelope.original_content, policy=email.policy.default
        )
        recipient = envelope.rcpt_tos[0]
        is_taken = not recipient.startswith("busy") or recipient in self.put_off
        self.put_off.add(recipient)
        print(
            json.dumps(
                {
                    "is_taken": is_taken,
                    "is_protected": session.authenticated
                    and server.transport.get_extra_info("cipher") is not None,
                    "mail_from": envelope.mail_from,
                    "rcpt_to": envelope.rcpt_tos,
                    "headers": [[name, str(value)] for name, value in message.items()],
                    "content_type": message.get_content_type(),
                    "parts": [
                        {
                            "type": part.get_content_type(),
                            "charset": part.get_content_charset(),
                            "text": part.get_content(),
                        }
                        for part in message.iter_parts()
                    ],
                    "raw": envelope.original_content.decode("ascii", "replace"),
                }
            ),
            flush=True,
        )
        return "250 OK" if is_taken else "451 come again later"


def sign_in(server, session, envelope, mechanism, login):
    known = (login.login, login.password) == (b"help", b"correct horse")
    return AuthResult(success=known, handled=False)


# A handshake that fails is what a test is after, and no news.
logging.disable()


async def main():
    loop = asyncio.get_running_loop()
    printer = Printer()
    protection = sys.argv[1]
    tls = None
    options = {}
    if protection != "none":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain("cert.pem", "key.pem")
        options = {"authenticator": sign_in, "auth_required": True}
    if protection == "starttls":
        options |= {"tls_context": tls, "require_starttls": True}
    elif protection == "tls":
        options |= {"auth_require_tls": False}
    server = await loop.create_server(
        lambda: SMTP(printer, enable_SMTPUTF8=True, **options),
        "127.0.0.1",
        0,
        ssl=tls if protection == "tls" else None,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
