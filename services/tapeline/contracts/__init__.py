"""Messages, reasons, order states, ids, money, time: what every stage and language shares."""
