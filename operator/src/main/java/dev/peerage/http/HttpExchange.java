package dev.peerage.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request, one answer, and the end. The state is the event loop's; the answer
 * is made on a thread of its own.
 */
final class HttpExchange extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger log = LoggerFactory.getLogger(HttpExchange.class);

  private enum Phase {
    /** Its head is coming. */
    ASKING,
    /** Nothing more is read. */
    ANSWERING,
    /** What the client still sends is thrown away. */
    DISCARDING
  }

  /**
   * What the connections of a listener have in common.
   *
   * @param slots one for each answer that may be made at a time
   */
  record Shared(
      String title,
      HttpBounds bounds,
      Responder responder,
      Connections connections,
      Semaphore slots,
      ExecutorService threads) {}

  private final Shared shared;
  private Phase phase = Phase.ASKING;
  private boolean received;
  private int discarded;
  private @Nullable ScheduledFuture<?> limit;
  private @Nullable Future<?> answering;

  HttpExchange(Shared shared) {
    this.shared = shared;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    limit(context, shared.bounds.request());
  }

  private void limit(ChannelHandlerContext context, Duration time) {
    if (limit != null) {
      limit.cancel(false);
    }
    limit =
        context
            .executor()
            .schedule(
                () -> Connections.reset(context.channel()), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (phase == Phase.ASKING && part instanceof HttpRequest head) {
      phase = Phase.ANSWERING;
      context.channel().config().setAutoRead(false);
      shared.connections.asked(context.channel());
      limit(context, shared.bounds.answer());
      asked(context, head);
    }
    received |= part instanceof LastHttpContent;
    if (phase == Phase.DISCARDING && part instanceof HttpContent content) {
      discarded += content.content().readableBytes();
      if (received || discarded > HttpBounds.DISCARDED) {
        context.close();
      }
    }
  }

  private void asked(ChannelHandlerContext context, HttpRequest head) {
    Throwable malformed = head.decoderResult().cause();
    if (malformed != null) {
      refuse(context, status(malformed));
    } else if (!head.method().equals(HttpMethod.GET)) {
      refuse(context, HttpResponseStatus.METHOD_NOT_ALLOWED);
    } else {
      try {
        Request request = Request.of(head);
        boolean chunks = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
        answering = shared.threads.submit(() -> answer(context.channel(), request, chunks));
      } catch (IllegalArgumentException _) {
        refuse(context, HttpResponseStatus.BAD_REQUEST);
      }
    }
  }

  private static HttpResponseStatus status(Throwable malformed) {
    return switch (malformed) {
      case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
      case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
      case Throwable _ -> HttpResponseStatus.BAD_REQUEST;
    };
  }

  private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
    end(send(context.channel(), new Answer.Whole(status.code(), "text/plain", status + "\n")));
  }

  /** Keeps nothing for whoever sends on without reading what TLS answers to it. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (phase == Phase.ASKING) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (limit != null) {
      limit.cancel(false);
    }
    if (answering != null) {
      answering.cancel(true);
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("{}: {} is closed: {}", shared.title, context.channel(), cause.toString());
    Connections.reset(context.channel());
  }

  private void answer(Channel channel, Request request, boolean chunks) {
    try {
      shared.slots.acquire();
    } catch (InterruptedException _) {
      return; // the connection is closed
    }
    try {
      switch (shared.responder.answer(request)) {
        case Answer.Whole whole -> end(send(channel, whole));
        case Answer.Streamed streamed -> stream(channel, streamed, chunks);
      }
    } catch (InterruptedException _) {
      log.debug("{}: {} was asked by somebody who did not wait", shared.title, request);
    } catch (IOException e) {
      log.debug("{}: {} was not read to its end: {}", shared.title, request, e.toString());
      reset(channel);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      // Where the head is out, the connection ends before the body does, which tells the client.
      log.warn("{}: {} could not be answered", shared.title, request, e);
      reset(channel);
    } finally {
      shared.slots.release();
    }
  }

  private static void reset(Channel channel) {
    channel.eventLoop().execute(() -> Connections.reset(channel));
  }

  private void stream(Channel channel, Answer.Streamed streamed, boolean chunks)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    describe(head, streamed.type());
    if (chunks) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    channel.write(head);
    var body = new AnswerStream(channel);
    streamed.body().write(body);
    body.end();
    end(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private static ChannelFuture send(Channel channel, Answer.Whole whole) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(whole.status());
    byte[] body = whole.text().getBytes(StandardCharsets.UTF_8);
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    describe(response, whole.type());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
    } else if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    return channel.writeAndFlush(response);
  }

  private static void describe(HttpResponse response, String type) {
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
  }

  private void end(ChannelFuture sent) {
    sent.addListener((ChannelFutureListener) this::sent);
  }

  /** On the event loop. */
  private void sent(ChannelFuture done) {
    Channel channel = done.channel();
    if (!done.isSuccess()) {
      Connections.reset(channel);
    } else if (received || channel.pipeline().get(SslHandler.class) != null) {
      channel.close();
    } else {
      discard(channel);
    }
  }

  private void discard(Channel channel) {
    ChannelHandlerContext context = channel.pipeline().context(this);
    if (context == null) {
      return; // closed meanwhile
    }
    phase = Phase.DISCARDING;
    shared.connections.answered(channel);
    limit(context, HttpBounds.DISCARDING);
    ((DuplexChannel) channel).shutdownOutput();
    channel.config().setAutoRead(true);
  }
}
