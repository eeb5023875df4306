package dev.peerage.http;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Finds the answer to a request; each on a thread of its own, which may wait. */
interface Responder {
  Answer answer(Request request) throws InterruptedException, ExecutionException, TimeoutException;
}
