package dev.peerage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
  @TempDir private Path folder;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private Certificates certificates() {
    return new Certificates(folder, () -> now);
  }

  @Test
  void renewedOnesAreUsedWithinSeconds() throws Exception {
    TestCertificate.make(folder).write(folder);
    Certificates certificates = certificates();
    var first = certificates.current();
    TestCertificate.make(folder).write(folder);

    assertThat(certificates.current()).isSameAs(first);
    now = now.plus(Duration.ofSeconds(10));
    var second = certificates.current();
    assertThat(second).isNotSameAs(first);
    now = now.plus(Duration.ofSeconds(10));
    assertThat(certificates.current()).as("unchanged").isSameAs(second);
  }

  @Test
  void renewedOnesThatCannotBeUsedLeaveTheLastOnesInUse() throws Exception {
    TestCertificate.make(folder).write(folder);
    Certificates certificates = certificates();
    var first = certificates.current();
    Files.writeString(folder.resolve("tls.crt"), "no certificate");
    now = now.plus(Duration.ofSeconds(10));

    assertThat(certificates.current()).isSameAs(first);

    Files.delete(folder.resolve("tls.crt"));
    now = now.plus(Duration.ofSeconds(10));
    assertThat(certificates.current()).isSameAs(first);

    TestCertificate.make(folder).write(folder);
    now = now.plus(Duration.ofSeconds(10));
    assertThat(certificates.current()).isNotSameAs(first);
  }

  @Test
  void aKeyInAnotherFormIsRefusedWithTheRemedy() throws Exception {
    TestCertificate.make(folder).write(folder);
    Path key = folder.resolve("tls.key");
    Files.writeString(
        key, "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAK==\n-----END RSA PRIVATE KEY-----\n");

    assertThatThrownBy(() -> certificates().load())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PKCS#8")
        .hasMessageContaining(folder.toString());
  }

  @Test
  void missingFilesAreNamed() {
    assertThatThrownBy(() -> certificates().load())
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("tls.crt") + " is not there");
  }
}
