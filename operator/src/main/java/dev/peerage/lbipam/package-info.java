/** The operator's second half: addresses from pools for Services of type LoadBalancer. */
@NullMarked
package dev.peerage.lbipam;

import org.jspecify.annotations.NullMarked;
