package dev.peerage.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Fabric8's client on the JDK's, which pings no web socket by itself, with {@link Pings}. */
final class PingedClients extends JdkHttpClientFactory {
  /** Three quarters of a minute of silence are about what client-go's connections bear. */
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final Pings pings;

  /**
   * Of one process.
   *
   * @param interval between two pings of a watch
   */
  PingedClients(Duration interval) {
    this.pings = new Pings(interval);
  }

  /** With the interval of a configuration, if that is shorter than the usual one. */
  static PingedClients of(Config config) {
    Duration interval = Duration.ofMillis(config.getWebsocketPingInterval());
    return new PingedClients(interval.compareTo(INTERVAL) < 0 ? interval : INTERVAL);
  }

  /**
   * A configuration of such clients. All requests of HTTP/2 share one connection, and the JDK's
   * client goes on using one through which no answer comes any more: it would be cut off for as
   * long as the kernel repeats its packets, a quarter of an hour and more. Of HTTP/1.1 the
   * connection of a request that is not answered in time is closed.
   */
  static ConfigBuilder config(Config config) {
    return new ConfigBuilder(config).withHttp2Disable(true);
  }

  @Override
  protected HttpClient.Builder createNewHttpClientBuilder() {
    return new Builder(super.createNewHttpClientBuilder());
  }

  private final class Builder implements HttpClient.Builder {
    private final HttpClient.Builder builder;

    private Builder(HttpClient.Builder builder) {
      this.builder = builder;
    }

    @Override
    public HttpClient build() {
      return new PingedClient(builder.build(), pings);
    }

    @Override
    public HttpClient.Builder cookieHandler(CookieHandler value) {
      var _ = builder.cookieHandler(value);
      return this;
    }

    @Override
    public HttpClient.Builder connectTimeout(Duration value) {
      var _ = builder.connectTimeout(value);
      return this;
    }

    @Override
    public HttpClient.Builder sslContext(SSLContext value) {
      var _ = builder.sslContext(value);
      return this;
    }

    @Override
    public HttpClient.Builder sslParameters(SSLParameters value) {
      var _ = builder.sslParameters(value);
      return this;
    }

    @Override
    public HttpClient.Builder executor(Executor value) {
      var _ = builder.executor(value);
      return this;
    }

    @Override
    public HttpClient.Builder followRedirects(Redirect value) {
      var _ = builder.followRedirects(value);
      return this;
    }

    @Override
    public HttpClient.Builder version(Version value) {
      var _ = builder.version(value);
      return this;
    }

    @Override
    public HttpClient.Builder priority(int value) {
      var _ = builder.priority(value);
      return this;
    }

    @Override
    public HttpClient.Builder proxy(ProxySelector value) {
      var _ = builder.proxy(value);
      return this;
    }

    @Override
    public HttpClient.Builder authenticator(Authenticator value) {
      var _ = builder.authenticator(value);
      return this;
    }

    @Override
    public HttpClient.Builder localAddress(InetAddress value) {
      var _ = builder.localAddress(value);
      return this;
    }
  }
}
