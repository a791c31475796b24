import { connect, type Socket } from "node:net";

type Credentials = { username: string; password: string };
type Target = { host: string; port: number };

/** A TCP connection whose bytes can be read a known number at a time. */
async function open(
  port: number,
  host: string,
): Promise<{ socket: Socket; read: (isEnough: (bytes: Buffer) => boolean) => Promise<Buffer> }> {
  const socket = connect(port, host);
  socket.setTimeout(5_000, () => socket.destroy(new Error("no answer within 5 s")));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const read = (isEnough: (bytes: Buffer) => boolean) =>
    new Promise<Buffer>((resolve, reject) => {
      let bytes = Buffer.alloc(0);
      const onData = (data: Buffer) => {
        bytes = Buffer.concat([bytes, data]);
        if (!isEnough(bytes)) return;
        cleanUp();
        resolve(bytes);
      };
      const onEnd = () => {
        cleanUp();
        reject(new Error("the connection was closed"));
      };
      const onError = (error: Error) => {
        cleanUp();
        reject(error);
      };
      const cleanUp = () => {
        socket.off("data", onData).off("end", onEnd).off("error", onError);
        socket.pause();
      };
      socket.on("data", onData).on("end", onEnd).on("error", onError);
      socket.resume();
    });
  return { socket, read };
}

/** Through the HTTP proxy, by CONNECT; `host` is where it listens. */
export async function dialThroughHttpProxy(
  port: number,
  user: Credentials,
  target: Target,
  host = "127.0.0.1",
): Promise<Socket> {
  const { socket, read } = await open(port, host);
  const authority = `${target.host}:${target.port}`;
  const basic = Buffer.from(`${user.username}:${user.password}`).toString("base64");
  socket.write(
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nProxy-Authorization: Basic ${basic}\r\n\r\n`,
  );
  const answer = (await read((bytes) => bytes.includes("\r\n\r\n"))).toString("latin1");
  const [status = ""] = answer.split("\r\n");
  if (!/^HTTP\/1\.1 2\d\d/.test(status)) throw refused(socket, `it answered “${status}”`);
  return socket;
}

/** Through a SOCKS5 proxy (RFC 1928, RFC 1929); without credentials for a local client. */
export async function dialThroughSocks(
  port: number,
  user: Credentials | null,
  target: Target,
  host = "127.0.0.1",
): Promise<Socket> {
  const { socket, read } = await open(port, host);
  const method = user === null ? 0 : 2;
  socket.write(Uint8Array.of(5, 1, method));
  const greeting = await read((bytes) => bytes.length >= 2);
  if (greeting[1] !== method) throw refused(socket, `it wants method ${greeting[1]}`);
  if (user !== null) {
    const fields = [user.username, user.password].map((text) => Buffer.from(text));
    socket.write(
      Buffer.concat([Uint8Array.of(1), ...fields.flatMap((field) => [Uint8Array.of(field.length), field])]),
    );
    const verdict = await read((bytes) => bytes.length >= 2);
    if (verdict[1] !== 0) throw refused(socket, `it refused the password (status ${verdict[1]})`);
  }
  const address = Uint8Array.from(target.host.split(".").map(Number));
  socket.write(Uint8Array.of(5, 1, 0, 1, ...address, target.port >> 8, target.port & 0xff));
  const reply = await read((bytes) => bytes.length >= 10);
  if (reply[1] !== 0) throw refused(socket, `it could not connect (reply ${reply[1]})`);
  return socket;
}

function refused(socket: Socket, reason: string): Error {
  socket.destroy();
  return new Error(reason);
}
