/**
 * Downloads models of the Hugging Face hub by name into the hub's own cache. Only commands of a
 * user do so; components of a service never download.
 */
@NullMarked
package io.urteil.local.hub;

import org.jspecify.annotations.NullMarked;
