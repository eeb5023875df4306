package dev.peerage.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.peerage.bgp.wire.IpText;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What people read has IPv6 addresses in the one form of RFC 5952: everything that prints an
 * address goes through {@link IpText}. Java's own forms are long, and Netty's are others'.
 */
class AddressTextTest {
  private static final Set<String> FORMS =
      Set.of("getHostAddress", "toString", "toAddressString", "getHostString");
  private static final Set<String> NAMES =
      Set.of("InetAddress", "Inet4Address", "Inet6Address", "InetSocketAddress", "SocketAddress");

  private static final JavaClasses PEERAGE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.peerage");

  @Test
  void nobodyAsksAnAddressForItsText() {
    List<String> calls = new ArrayList<>();
    for (JavaClass each : PEERAGE) {
      for (JavaMethodCall call : each.getMethodCallsFromSelf()) {
        MethodCallTarget target = call.getTarget();
        boolean ofAddress =
            target.getOwner().isAssignableTo(InetAddress.class)
                || target.getOwner().isAssignableTo(InetSocketAddress.class)
                || target.getOwner().getFullName().equals("io.netty.util.NetUtil");
        if (ofAddress && FORMS.contains(target.getName())) {
          calls.add(call.getDescription());
        }
      }
    }
    assertThat(PEERAGE.size()).isGreaterThan(50);
    assertThat(calls).isEmpty();
  }

  /** {@code "peer " + address} calls no method that a reader of the class file could see. */
  @Test
  void nobodyJoinsAnAddressToText() throws IOException {
    List<String> joined = new ArrayList<>();
    for (JavaClass each : PEERAGE) {
      for (String site : joins(each)) {
        joined.add(each.getFullName() + "." + site);
      }
    }
    assertThat(joined).isEmpty();
  }

  private static List<String> joins(JavaClass type) throws IOException {
    List<String> joins = new ArrayList<>();
    try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      ClassModel model = ClassFile.of().parse(in.readAllBytes());
      model
          .methods()
          .forEach(method ->
              method
                  .code()
                  .ifPresent(code -> {
                    for (CodeElement element : code) {
                      if (element instanceof InvokeDynamicInstruction call
                          && call.name().stringValue().equals("makeConcatWithConstants")
                          && call.typeSymbol().parameterList().stream()
                              .anyMatch(parameter -> NAMES.contains(parameter.displayName()))) {
                        joins.add(method.methodName().stringValue());
                      }
                    }
                  }));
    }
    return joins;
  }
}
