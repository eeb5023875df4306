package dev.peerage.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.Serial;

/** A write that was not sent, because it is not certain that this process holds the lease. */
final class NotHeldException extends KubernetesClientException {
  @Serial private static final long serialVersionUID = 1;

  NotHeldException() {
    super("the lease has not been renewed in time, another operator may lead by now");
  }
}
