package dev.peerage.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate and key of a listener: {@code tls.crt} and {@code tls.key} of a folder, as a
 * Secret of type {@code kubernetes.io/tls} is mounted. They are read again when they are renewed.
 * Its event loop's alone.
 */
final class Certificates {
  private static final Logger log = LoggerFactory.getLogger(Certificates.class);

  /** The kubelet needs a minute to bring a renewed Secret; a look costs two small files. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  // A chain of any sane length.
  private static final int LONGEST = 256 * 1024;

  private final Path folder;
  private final InstantSource clock;
  private byte[] chain = {};
  private byte[] key = {};
  private @Nullable SslContext context;
  private Instant looked = Instant.MIN;
  private String problem = "";

  Certificates(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Reads them; throws what is wrong with them, in words. */
  void load() throws IOException {
    looked = clock.instant();
    byte[] readChain = read("tls.crt");
    byte[] readKey = read("tls.key");
    if (context != null && Arrays.equals(readChain, chain) && Arrays.equals(readKey, key)) {
      return;
    }
    try {
      context =
          SslContextBuilder.forServer(
                  new ByteArrayInputStream(readChain), new ByteArrayInputStream(readKey))
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .build();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s holds no certificate chain and key in PEM; the key must be in PKCS#8 (BEGIN PRIVATE KEY;"
                  .formatted(folder)
              + " cert-manager: privateKey.encoding PKCS8)",
          e);
    }
    chain = readChain;
    key = readKey;
  }

  private byte[] read(String name) throws IOException {
    Path file = folder.resolve(name);
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(LONGEST);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is not there", e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e, e);
    }
  }

  /** Those that count now. Renewed ones that cannot be used leave the last good ones in use. */
  SslContext current() throws IOException {
    if (context == null || !clock.instant().isBefore(looked.plus(LOOK))) {
      try {
        load();
        problem = "";
      } catch (IOException e) {
        if (context == null) {
          throw e;
        }
        if (!e.toString().equals(problem)) {
          problem = e.toString();
          log.warn(
              "The renewed certificate cannot be used, the last one stays: {}", e.getMessage());
        }
      }
    }
    if (context == null) {
      throw new IOException(folder + " holds no certificate");
    }
    return context;
  }
}
