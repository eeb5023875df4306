/** The operator's first half: from ClusterConfigs and Nodes to one NodeConfig per node. */
@NullMarked
package dev.peerage.cluster;

import org.jspecify.annotations.NullMarked;
