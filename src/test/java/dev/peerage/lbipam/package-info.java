/** Addresses for Services, on a real API server. */
@NullMarked
package dev.peerage.lbipam;

import org.jspecify.annotations.NullMarked;
