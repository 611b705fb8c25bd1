// Code generated from schemas/reasons.yaml by tools/generate.py. DO NOT EDIT.

package contracts

// Why something was decided, refused or given up; shared by every language.
const (
	// Nothing was refused.
	ReasonOk = "OK"
	// The bytes are not a valid record of the topic.
	ReasonSchema = "SCHEMA"
	// The record is larger than the topic allows.
	ReasonOversized = "OVERSIZED"
	// The symbol is not among the session's symbols.
	ReasonUnknownSymbol = "UNKNOWN_SYMBOL"
	// The tick's exchange time lies in no market phase of its instrument class.
	ReasonTickOutsideSession = "TICK_OUTSIDE_SESSION"
	// The tick's exchange time is further ahead of its receive time than allowed.
	ReasonTickFromFuture = "TICK_FROM_FUTURE"
	// The price is further from the last good one than the band allows.
	ReasonPriceOutOfBand = "PRICE_OUT_OF_BAND"
	// The same snapshot was received twice.
	ReasonDuplicateTick = "DUPLICATE_TICK"
	// Trading is halted: only exits pass.
	ReasonHalted = "HALTED"
	// Trading is reducing: only exits pass.
	ReasonReducing = "REDUCING"
	// New entries are paused.
	ReasonPaused = "PAUSED"
	// The intent contradicts itself: it names one symbol twice.
	ReasonBadIntent = "BAD_INTENT"
	// An entry has no stop distance, so its risk cannot be sized.
	ReasonNoStop = "NO_STOP"
	// The market is not in a continuous phase, so that neither an entry nor an exit at the market can
	// trade.
	ReasonPhaseClosed = "PHASE_CLOSED"
	// The market is closed, so that not even an exit can trade.
	ReasonMarketClosed = "MARKET_CLOSED"
	// The market closes too soon for a new entry.
	ReasonEntryTooLate = "ENTRY_TOO_LATE"
	// Intraday positions are being squared off, so no intraday entry is taken.
	ReasonAfterSquareOff = "AFTER_SQUARE_OFF"
	// The last bar of the symbol is too old, or there is none.
	ReasonStalePrice = "STALE_PRICE"
	// The price has moved too far from the one the strategy saw.
	ReasonPriceMoved = "PRICE_MOVED"
	// An entry is opposed to what the strategy holds or has pending; an EXIT must come first.
	ReasonEntryOpposesPosition = "ENTRY_OPPOSES_POSITION"
	// The risk allowed for the trade does not pay for one lot at this stop distance.
	ReasonRiskBelowLot = "RISK_BELOW_LOT"
	// The symbol already holds or has pending as many shares as allowed.
	ReasonSymbolQtyCap = "SYMBOL_QTY_CAP"
	// The symbol already holds or has pending as much notional as allowed.
	ReasonSymbolNotionalCap = "SYMBOL_NOTIONAL_CAP"
	// The risk bucket already holds or has pending as much notional as allowed.
	ReasonBucketCap = "BUCKET_CAP"
	// The account already holds or has pending as much gross notional as its capital allows.
	ReasonLeverageCap = "LEVERAGE_CAP"
	// The exchange's largest quantity of one order leaves nothing to trade.
	ReasonFreezeQty = "FREEZE_QTY"
	// The expected move does not pay for the round trip's charges.
	ReasonEdgeBelowCost = "EDGE_BELOW_COST"
	// The strategy holds nothing that this exit would reduce.
	ReasonNothingToExit = "NOTHING_TO_EXIT"
	// Exits already in flight cover the whole position.
	ReasonExitInFlight = "EXIT_IN_FLIGHT"
	// Equity fell too far below its peak.
	ReasonDrawdownHalt = "DRAWDOWN_HALT"
	// The day's loss reached its limit.
	ReasonDayLossHalt = "DAY_LOSS_HALT"
	// An intent with this id was decided on before.
	ReasonDuplicateIntent = "DUPLICATE_INTENT"
	// The strategy sent the same symbol, side and quantity a moment ago.
	ReasonDuplicateOrder = "DUPLICATE_ORDER"
	// The order limit of this calendar second is used up.
	ReasonThrottledSecond = "THROTTLED_SECOND"
	// The order limit of this calendar minute is used up.
	ReasonThrottledMinute = "THROTTLED_MINUTE"
	// The order limit of this day is used up.
	ReasonThrottledDay = "THROTTLED_DAY"
	// The trade's notional is larger than one trade may be.
	ReasonMaxTradeNotional = "MAX_TRADE_NOTIONAL"
	// Reservations and today's filled entries leave too little of the daily budget.
	ReasonBudgetExhausted = "BUDGET_EXHAUSTED"
	// The account has as many open orders as allowed.
	ReasonMaxOpenOrders = "MAX_OPEN_ORDERS"
	// The symbol has as many open orders as allowed.
	ReasonMaxOpenOrdersSymbol = "MAX_OPEN_ORDERS_SYMBOL"
	// The order would trade against an own resting order.
	ReasonSelfCross = "SELF_CROSS"
	// The instrument cannot be traded: an index has no order book.
	ReasonNotTradable = "NOT_TRADABLE"
	// The order's quantity is not positive.
	ReasonQtyNotPositive = "QTY_NOT_POSITIVE"
	// The quantity is not a multiple of the lot.
	ReasonLot = "LOT"
	// The quantity is above the exchange's largest for one order.
	ReasonFreezeQtyExceeded = "FREEZE_QTY_EXCEEDED"
	// The order type is not accepted in this market phase.
	ReasonOrderType = "ORDER_TYPE"
	// The prices do not belong to the order type: one is missing, or trigger and limit contradict
	// each other.
	ReasonOrderPrices = "ORDER_PRICES"
	// A price is not a multiple of the tick size.
	ReasonTickGrid = "TICK_GRID"
	// A price lies outside the day's price band.
	ReasonPriceBand = "PRICE_BAND"
	// The last price has passed the trigger already.
	ReasonTriggerPassed = "TRIGGER_PASSED"
	// The broker did not answer in time; the order may or may not exist.
	ReasonBrokerTimeout = "BROKER_TIMEOUT"
	// The broker has no such order.
	ReasonOrderNotFound = "ORDER_NOT_FOUND"
	// The order was filled before the command arrived.
	ReasonOrderFilled = "ORDER_FILLED"
	// The order had ended before the command arrived.
	ReasonOrderNotOpen = "ORDER_NOT_OPEN"
	// The new quantity is not above what is filled already.
	ReasonQtyBelowFilled = "QTY_BELOW_FILLED"
	// The phase to which the order lasted has ended.
	ReasonDayEnded = "DAY_ENDED"
	// The order is valid; dry mode sends nothing.
	ReasonDryRun = "DRY_RUN"
	// The intent came after the time at which its orders end.
	ReasonIntentExpired = "INTENT_EXPIRED"
	// The order reached its expiry or the end of its phase and is cancelled.
	ReasonExpiryReached = "EXPIRY_REACHED"
	// Open exit orders already cover all or part of this exit; only the rest is placed.
	ReasonExitInProgress = "EXIT_IN_PROGRESS"
	// The gateway did not answer a command in time; the order is looked up.
	ReasonNoAnswer = "NO_ANSWER"
	// The broker did not know the order for the whole deadline, so it is given up.
	ReasonNotAtBroker = "NOT_AT_BROKER"
	// An order that was given up is at the broker after all and is cancelled.
	ReasonFoundLate = "FOUND_LATE"
	// A trade came after the order had ended; it counts.
	ReasonLateFill = "LATE_FILL"
	// The broker states more filled shares than trades were received; it is asked again.
	ReasonTradesMissing = "TRADES_MISSING"
	// The broker traded more than was ordered; the trade counts and the order is flagged.
	ReasonOverfill = "OVERFILL"
	// An unfilled exit is cancelled to be placed at a more aggressive price.
	ReasonChased = "CHASED"
	// A pair stayed incomplete: what is open is cancelled, what is filled is flattened.
	ReasonLegRisk = "LEG_RISK"
	// The broker refused the order without a code of ours.
	ReasonBrokerRejected = "BROKER_REJECTED"
	// The broker refused to cancel or change; the order is looked up.
	ReasonCancelRefused = "CANCEL_REFUSED"
	// The report contradicts the order's state and was set aside.
	ReasonIllegalTransition = "ILLEGAL_TRANSITION"
	// The report names the order's tag but not its symbol or side, or a trade lacks its id or price.
	ReasonReportMismatch = "REPORT_MISMATCH"
	// An approved order has a leg without a quantity.
	ReasonUnsizedLeg = "UNSIZED_LEG"
	// The tick has no day volume although its instrument has one.
	ReasonTickWithoutVolume = "TICK_WITHOUT_VOLUME"
	// The bar lies in no single market phase of its instrument class.
	ReasonBarOutsideSession = "BAR_OUTSIDE_SESSION"
	// The bar corrects a window whose parts are no longer kept.
	ReasonBarTooLate = "BAR_TOO_LATE"
	// The bar has no higher revision than the one already taken.
	ReasonStaleRevision = "STALE_REVISION"
)

// Reasons is every reason code, in the order of the table.
var Reasons = []string{
	ReasonOk,
	ReasonSchema,
	ReasonOversized,
	ReasonUnknownSymbol,
	ReasonTickOutsideSession,
	ReasonTickFromFuture,
	ReasonPriceOutOfBand,
	ReasonDuplicateTick,
	ReasonHalted,
	ReasonReducing,
	ReasonPaused,
	ReasonBadIntent,
	ReasonNoStop,
	ReasonPhaseClosed,
	ReasonMarketClosed,
	ReasonEntryTooLate,
	ReasonAfterSquareOff,
	ReasonStalePrice,
	ReasonPriceMoved,
	ReasonEntryOpposesPosition,
	ReasonRiskBelowLot,
	ReasonSymbolQtyCap,
	ReasonSymbolNotionalCap,
	ReasonBucketCap,
	ReasonLeverageCap,
	ReasonFreezeQty,
	ReasonEdgeBelowCost,
	ReasonNothingToExit,
	ReasonExitInFlight,
	ReasonDrawdownHalt,
	ReasonDayLossHalt,
	ReasonDuplicateIntent,
	ReasonDuplicateOrder,
	ReasonThrottledSecond,
	ReasonThrottledMinute,
	ReasonThrottledDay,
	ReasonMaxTradeNotional,
	ReasonBudgetExhausted,
	ReasonMaxOpenOrders,
	ReasonMaxOpenOrdersSymbol,
	ReasonSelfCross,
	ReasonNotTradable,
	ReasonQtyNotPositive,
	ReasonLot,
	ReasonFreezeQtyExceeded,
	ReasonOrderType,
	ReasonOrderPrices,
	ReasonTickGrid,
	ReasonPriceBand,
	ReasonTriggerPassed,
	ReasonBrokerTimeout,
	ReasonOrderNotFound,
	ReasonOrderFilled,
	ReasonOrderNotOpen,
	ReasonQtyBelowFilled,
	ReasonDayEnded,
	ReasonDryRun,
	ReasonIntentExpired,
	ReasonExpiryReached,
	ReasonExitInProgress,
	ReasonNoAnswer,
	ReasonNotAtBroker,
	ReasonFoundLate,
	ReasonLateFill,
	ReasonTradesMissing,
	ReasonOverfill,
	ReasonChased,
	ReasonLegRisk,
	ReasonBrokerRejected,
	ReasonCancelRefused,
	ReasonIllegalTransition,
	ReasonReportMismatch,
	ReasonUnsizedLeg,
	ReasonTickWithoutVolume,
	ReasonBarOutsideSession,
	ReasonBarTooLate,
	ReasonStaleRevision,
}
