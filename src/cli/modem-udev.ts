/** The udev rule of deploy/99-smspin.rules, word for word, so that the executable alone can print it. */
export const UDEV_RULE = `# SMSPin: modems for its server alone. Put this into /etc/udev/rules.d/99-smspin.rules, then as root:
#   udevadm control --reload && udevadm trigger
# The server must run in the group dialout (usermod -aG dialout USER, or SupplementaryGroups=dialout in its unit).

ACTION=="remove", GOTO="smspin_end"
SUBSYSTEM=="tty", SUBSYSTEMS=="usb", GOTO="smspin_tty"
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", GOTO="smspin_usb"
GOTO="smspin_end"

# Every serial port on the USB: readable and writable for the group.
LABEL="smspin_tty"
GROUP="dialout", MODE="0660"
GOTO="smspin_end"

# Makers of modems, by USB vendor. ModemManager leaves them alone; the kernel does not put them to sleep; the group may take them off the bus
# and on again (the watchdog's last means but one). Boards with modems behind serial chips are below.
LABEL="smspin_usb"
ATTR{idVendor}=="2c7c|1e0e|19d2|1bc7|1e2d|2cb7|1199|1410|1546|12d1|0af0|1c9e|305a|33f8|3731|2949|2dee|2020|0bdb", GOTO="smspin_modem"
# FTDI, Silicon Labs, Prolific, WCH, MosChip, Exar. ModemManager would try each port of such a board. Take the line out if other things
# hang on such adapters and ModemManager is meant to see them.
ATTR{idVendor}=="0403|10c4|067b|1a86|4348|9710|04e2", ENV{ID_MM_DEVICE_IGNORE}="1", TEST=="power/control", ATTR{power/control}="on"
GOTO="smspin_end"

LABEL="smspin_modem"
ENV{ID_MM_DEVICE_IGNORE}="1"
TEST=="power/control", ATTR{power/control}="on"
TEST=="authorized", RUN+="/bin/sh -c 'chgrp dialout /sys%p/authorized /sys%p/power/control && chmod g+w /sys%p/authorized /sys%p/power/control'"

LABEL="smspin_end"
`;
