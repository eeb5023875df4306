package dev.peerage.bgp.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loop and the sockets of a speaker. */
public final class Network {
  private static final Logger log = LoggerFactory.getLogger(Network.class);

  // A peer that reads slowly holds this much at most beside one slice of a table dump.
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  // The kernel would grow it to megabytes of routes that nobody can take back any more.
  private static final int SEND_BUFFER = 256 * 1024;

  // Connections that the kernel keeps until they are accepted.
  private static final int BACKLOG = 256;

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final Tasks tasks;
  private final Class<? extends ServerChannel> serverSocket;
  private final boolean epoll;

  private Network(boolean epoll, Consumer<Tasks.Part> faults) {
    this.epoll = epoll;
    IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("bgp", true), handler);
    loop = group.next();
    tasks = Tasks.on(loop, faults);
    serverSocket = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** Starts an event loop with one thread. */
  public static Network start() {
    return start(_ -> {});
  }

  /**
   * Starts an event loop with one thread.
   *
   * @param faults called for each fault of this program in a task of the loop
   */
  public static Network start(Consumer<Tasks.Part> faults) {
    boolean epoll = Epoll.isAvailable();
    if (!epoll) {
      log.warn(
          "epoll is not available: no TTL, TTL security or TCP MD5 for sessions: {}",
          Epoll.unavailabilityCause().getMessage());
    }
    return new Network(epoll, faults);
  }

  static Network start(boolean epoll) {
    return new Network(epoll, _ -> {});
  }

  /** What is to be done on the loop that owns everything. */
  public Tasks tasks() {
    return tasks;
  }

  /**
   * Why this host cannot give a connection what it shall have, one line; empty when it can.
   *
   * @param protection what the connection shall have
   */
  public String lacks(Protection protection) {
    if (epoll || !protection.signed() && protection.leastTtl() == 0) {
      return "";
    }
    return (protection.signed() ? "TCP MD5" : "TTL security")
        + " needs epoll, which is not available here";
  }

  /**
   * Where to dial.
   *
   * @param remote the peer's socket
   * @param local the address to bind, empty = by route
   * @param protection how packets are sent and which ones are heard
   */
  public record Target(
      InetSocketAddress remote, Optional<InetSocketAddress> local, Protection protection) {}

  /** Opens a connection. There is no time limit but {@link Dial#cancel}. */
  public Dial dial(Target target, ConnectionEvents events) {
    Channel channel;
    try {
      channel = epoll ? new EpollSocketChannel() : new NioSocketChannel();
    } catch (ChannelException e) {
      return new Dial(loop.newFailedFuture(e), null, null);
    }
    channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
    channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    try {
      protect(channel, target.remote().getAddress(), target.protection());
    } catch (ChannelException e) {
      channel.unsafe().closeForcibly();
      return new Dial(loop.newFailedFuture(e), null, null);
    }
    Connection.install(channel, events, true, tasks);
    ChannelPromise connecting = new DefaultChannelPromise(channel, loop);
    @Nullable InetSocketAddress local = target.local().orElse(null);
    loop.register(channel)
        .addListener(registered -> {
          try {
            if (!registered.isSuccess()) {
              connecting.tryFailure(registered.cause());
            } else if (local == null) {
              channel.connect(target.remote(), connecting);
            } else {
              channel.connect(target.remote(), local, connecting);
            }
          } catch (Throwable fault) {
            connecting.tryFailure(fault);
          }
        });
    return new Dial(connecting, channel, local);
  }

  /**
   * How an accepted connection is treated.
   *
   * @param events who gets it
   * @param protection how packets are sent and which ones are heard
   * @param refused called with one line when the connection is not good enough
   */
  record Admitted(ConnectionEvents events, Protection protection, Consumer<String> refused) {}

  /**
   * Listens; a connection for which {@code admission} has no answer is reset before anything is
   * read.
   *
   * @param prepare is given the socket before it listens
   * @return the listening channel, to close it; fails when the address cannot be bound
   */
  CompletableFuture<Channel> listen(
      InetSocketAddress address,
      Consumer<Channel> prepare,
      Function<InetSocketAddress, Optional<Admitted>> admission) {
    CompletableFuture<Channel> listening = new CompletableFuture<>();
    new ServerBootstrap()
        .group(loop)
        .channel(serverSocket)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                prepare.accept(channel);
              }
            })
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                var remote = (InetSocketAddress) channel.remoteAddress();
                admission
                    .apply(remote)
                    .ifPresentOrElse(
                        admitted -> enter(channel, remote, admitted), () -> reset(channel));
              }
            })
        .bind(address)
        .addListener((ChannelFuture bound) -> {
          if (bound.isSuccess()) {
            listening.complete(bound.channel());
          } else {
            listening.completeExceptionally(bound.cause());
          }
        });
    return listening;
  }

  private void enter(Channel channel, InetSocketAddress remote, Admitted admitted) {
    Protection protection = admitted.protection();
    int synTtl = protection.leastTtl() > 0 ? SocketOptions.synTtl(channel) : 0;
    if (synTtl > 0 && synTtl < protection.leastTtl()) {
      admitted
          .refused()
          .accept(
              "it arrived with TTL "
                  + synTtl
                  + ", TTL security wants "
                  + protection.leastTtl()
                  + " or more");
      reset(channel);
      return;
    }
    try {
      protect(channel, remote.getAddress(), protection);
    } catch (ChannelException e) {
      admitted.refused().accept(Cause.words(e));
      reset(channel);
      return;
    }
    Connection.install(channel, admitted.events(), false, tasks);
  }

  private static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  /** Before the first packet of a dialed connection, before the first read of an accepted one. */
  private void protect(Channel channel, InetAddress remote, Protection protection) {
    if (!epoll) {
      return; // Whoever needs it was told by lacks().
    }
    boolean ipv4 = remote instanceof Inet4Address;
    SocketOptions.ttl(channel, ipv4, protection.ttl());
    SocketOptions.leastTtl(channel, ipv4, protection.leastTtl());
    if (protection.signing() instanceof Signing.Md5 key) {
      SocketOptions.sign(channel, remote, key);
    }
  }

  /** Whether sockets have the options of {@link Protection}. */
  boolean protects() {
    return epoll;
  }

  /** Ends the loop after what is queued. */
  public CompletableFuture<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).addListener(_ -> closed.complete(null));
    return closed;
  }
}
