import { Redis } from "ioredis";

/**
 * Redis holds only what may be lost, so commands fail at once while it is away (no offline queue): callers
 * fall back or fail closed. The connection itself comes back by itself.
 */
export function createRedis(url: string, options: { onError?: (error: Error) => void } = {}): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1_000,
    connectTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  });
  redis.on("error", (error: Error) => options.onError?.(error));
  return redis;
}

/** A connection for SUBSCRIBE: queues while away and subscribes again after a reconnect. */
export function createRedisSubscriber(
  url: string,
  options: { onError?: (error: Error) => void } = {},
): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  });
  redis.on("error", (error: Error) => options.onError?.(error));
  return redis;
}
