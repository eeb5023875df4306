package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * What all reconcilers of the operator have in common: they are called for every change that they
 * do not filter out and for deletions, and failures are told in one sentence each and tried again
 * without end, after {@link RetryPolicy#STANDARD}.
 */
public interface OperatorReconciler<P extends HasMetadata> extends Reconciler<P> {
  /**
   * How long after a deletion it is looked whether another object has the name. The SDK ends its
   * work soon after a call, but a process that gets no CPU may take long for it.
   */
  List<Duration> AFTER_DELETION =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(16),
          Duration.ofSeconds(64));

  /** Its name, and which changes of its own kind it is called for. */
  void configure(ControllerConfigurationOverrider<P> configuration);

  /**
   * Registers it.
   *
   * @param common what all reconcilers of the process are configured with, such as the retry
   */
  default void register(
      Operator operator, Consumer<? super ControllerConfigurationOverrider<?>> common) {
    operator.register(
        this,
        (ControllerConfigurationOverrider<P> configuration) -> {
          common.accept(configuration);
          configuration
              .withGenerationAware(false)
              .withTriggerReconcilerOnAllEvents(true)
              .withInformerListLimit(FreshList.PAGE);
          configure(configuration);
        });
  }

  /** Nothing more for now, and another call after a delay, unless the object is gone. */
  static <P extends HasMetadata> UpdateControl<P> again(
      Context<P> context, Optional<Duration> delay) {
    UpdateControl<P> none = UpdateControl.noUpdate();
    return context.isPrimaryResourceDeleted()
        ? none
        : delay.map(none::rescheduleAfter).orElse(none);
  }

  /**
   * Does for an object what has to be done now; called by the SDK, for an object once at a time.
   */
  UpdateControl<P> decide(P object, Context<P> context);

  @Override
  default UpdateControl<P> reconcile(P object, Context<P> context) {
    try {
      UpdateControl<P> control = decide(object, context);
      if (context.isPrimaryResourceDeleted()) {
        lookAgain(object, context);
      }
      return control;
    } catch (Error e) {
      // The SDK catches exceptions only: it would take the object as being reconciled for ever.
      throw new OperatorException(e);
    }
  }

  /**
   * Has an object reconciled that has the name of the one that was deleted. The SDK forgets what it
   * hears of it before it has ended its work on the deletion, and does not say when that is. Where
   * nothing is left to do, a further call does nothing.
   */
  private void lookAgain(P deleted, Context<P> context) {
    ControllerEventSource<P> source = context.eventSourceRetriever().getControllerEventSource();
    ResourceID id = ResourceID.fromResource(deleted);
    AFTER_DELETION.forEach(delay ->
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> source.get(id).ifPresent(source::onAdd)));
  }

  @Override
  default ErrorStatusUpdateControl<P> updateErrorStatus(
      P object, Context<P> context, Exception failure) {
    Throwable cause = cause(failure);
    if (!ApiServerAway.isMeantBy(cause)) {
      int attempt = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) + 1;
      ResourceID id = ResourceID.fromResource(object);
      boolean refused = cause instanceof KubernetesClientException;
      OncePerMinute.of(
              object.getKind()
                  + (cause instanceof KubernetesClientException e
                      ? " " + e.getCode()
                      : " " + cause.getClass().getName()))
          .tell(alike ->
              LoggerFactory.getLogger(getClass())
                  .error(
                      "Reconciling {} {} failed, attempt {}; trying again in {} s or at the next"
                          + " change: {}{}",
                      object.getKind(),
                      id.getNamespace().map(it -> it + "/" + id.getName()).orElse(id.getName()),
                      attempt,
                      RetryPolicy.STANDARD.after(attempt).toSeconds(),
                      cause instanceof KubernetesClientException e
                          ? Writes.reason(e)
                          : cause.toString(),
                      alike,
                      // The API server's own words are enough; anything else is a fault of ours.
                      refused ? null : cause));
    }
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  /** What failed, without what the SDK's metrics wrap around it. */
  static Throwable cause(Throwable failure) {
    return failure instanceof OperatorException && failure.getCause() != null
        ? cause(failure.getCause())
        : failure;
  }
}
