// Defines RELATA_EXPORT, which marks what the library shows a host. Everything else is hidden.
#ifndef RELATA_EXPORT_H_
#define RELATA_EXPORT_H_

#define RELATA_EXPORT __attribute__((visibility("default")))

#endif  // RELATA_EXPORT_H_
