package server

import (
	"net/http"

	"onhand/db"
)

// routeAll is the whole API and its permissions on one screen. A route without one does not start.
func (s *Server) routeAll() {
	get(s, "/setup", guest(), s.setupState)
	create(s, "/setup", guest(), s.setUp)
	done(s, "/setup/token", guest(), s.checkSetupToken)
	create(s, "/session", guest(), s.signIn)
	get(s, "/session", device(), s.session)
	remove(s, "/session", guest(), s.signOut)
	get(s, "/session/people", device(), s.colleagues)
	create(s, "/session/pin", device(), s.switchUser)
	done(s, "/session/lock", device(), s.lockSession)
	get(s, "/sessions", person(), s.devices)
	remove(s, "/sessions/{id}", person(), s.endDevice)
	done(s, "/password", person(), s.changePassword)
	accept(s, "/password/forgot", guest(), s.forgotPassword)
	done(s, "/password/reset", guest(), s.resetPassword)
	done(s, "/pin", person(), s.setPIN)
	remove(s, "/pin", person(), s.removePIN)
	create(s, "/second-factor", person(), s.startFactor)
	post(s, "/second-factor/confirm", person(), s.confirmFactor)
	post(s, "/second-factor/recovery-codes", person(), s.renewRecoveryCodes)
	done(s, "/second-factor/remove", person(), s.removeFactor)

	accept(s, "/registrations", guest(), s.register)
	get(s, "/registrations", can("users.write"), s.registrations)
	post(s, "/registrations/{id}/approve", can("users.write"), s.approveRegistration)
	post(s, "/registrations/{id}/reject", can("users.write"), s.rejectRegistration)
	get(s, "/users", can("users.read"), s.users)
	get(s, "/users/{id}", can("users.read"), s.user)
	patch(s, "/users/{id}", can("users.write"), s.changeUser)
	post(s, "/users/{id}/disable", can("users.write"), s.disableUser)
	post(s, "/users/{id}/enable", can("users.write"), s.enableUser)
	post(s, "/users/{id}/sign-out", can("users.write"), s.signOutUser)
	post(s, "/users/{id}/remove-second-factor", can("users.write"), s.removeUserFactor)
	get(s, "/permissions", signedIn(), s.permissions)
	patch(s, "/permissions/{role}", can("users.write"), s.changeRole)
	get(s, "/tokens", can("tokens.write"), s.tokens)
	create(s, "/tokens", can("tokens.write"), s.createToken)
	remove(s, "/tokens/{id}", can("tokens.write"), s.revokeToken)
	get(s, "/audit", can("audit.read"), s.audit)

	get(s, "/settings", can("settings.read"), s.settings)
	patch(s, "/settings", can("settings.write"), s.saveSettings)
	post(s, "/settings/mail/test", can("settings.write").within(testTime), s.testMail)
	post(s, "/settings/logo", can("settings.write").file().within(uploadTime), s.saveLogo)
	remove(s, "/settings/logo", can("settings.write"), s.removeLogo)
	s.raw(http.MethodGet, "/settings/logo", can("settings.read"), s.showLogo)

	accept(s, "/demo", can("settings.write"), s.fillDemo)
	post(s, "/demo/remove", can("settings.write"), s.removeDemo)

	get(s, "/locations", can("stock.read"), s.locations)
	get(s, "/locations/names", can("stock.adjust"), s.locationNames)
	create(s, "/locations", can("locations.write"), s.openLocation)
	patch(s, "/locations/{id}", can("locations.write"), s.changeLocation)

	get(s, "/products", can("products.read"), s.products)
	create(s, "/products", can("products.write"), s.createProduct)
	post(s, "/products/bulk", can("products.write"), s.changeProducts)
	get(s, "/products/{id}", can("products.read"), s.product)
	patch(s, "/products/{id}", can("products.write"), s.changeProduct)
	dispose(s, "/products/{id}", can("products.write"), s.removeProduct)
	create(s, "/products/{id}/duplicate", can("products.write"), s.duplicateProduct)
	post(s, "/products/{id}/archive", can("products.write"), s.archiveProduct)
	post(s, "/products/{id}/restore", can("products.write"), s.restoreProduct)
	create(s, "/products/{id}/images", can("products.write").file().within(uploadTime), s.addImages)
	patch(s, "/images/{id}", can("products.write"), s.changeImage)
	remove(s, "/images/{id}", can("products.write"), s.removeImage)
	post(s, "/images/{id}/restore", can("products.write"), s.restoreImage)
	get(s, "/variants", can("products.read"), s.variants)
	get(s, "/variants/{id}/prices", can("products.read"), s.priceHistory)
	post(s, "/variants/{id}/barcodes", can("products.write"), s.addBarcode)
	post(s, "/labels", can("products.read").gives("application/pdf"), s.shelfLabels)
	get(s, "/tags", can("products.read"), s.tags)
	get(s, "/categories", can("products.read"), s.categories)
	create(s, "/categories", can("products.write"), s.createCategory)
	get(s, "/categories/{id}", can("products.read"), s.category)
	patch(s, "/categories/{id}", can("products.write"), s.changeCategory)
	remove(s, "/categories/{id}", can("products.write"), s.removeCategory)
	post(s, "/categories/{id}/image", can("products.write").file().within(uploadTime), s.pictureCategory)
	remove(s, "/categories/{id}/image", can("products.write"), s.unpictureCategory)
	get(s, "/brands", can("products.read"), s.brands)
	create(s, "/brands", can("products.write"), s.createBrand)
	get(s, "/brands/{id}", can("products.read"), s.brand)
	patch(s, "/brands/{id}", can("products.write"), s.changeBrand)
	post(s, "/brands/{id}/merge", can("products.write"), s.mergeBrand)
	remove(s, "/brands/{id}", can("products.write"), s.removeBrand)

	get(s, "/suppliers", can("suppliers.read"), s.suppliers)
	create(s, "/suppliers", can("suppliers.write"), s.createSupplier)
	get(s, "/suppliers/{id}", can("suppliers.read"), s.supplier)
	patch(s, "/suppliers/{id}", can("suppliers.write"), s.changeSupplier)
	get(s, "/suppliers/{id}/items", can("suppliers.read"), s.supplierItems)
	create(s, "/suppliers/{id}/items", can("suppliers.write"), s.addSupplierItem)
	put(s, "/suppliers/{id}/items/{variantId}", can("suppliers.write"), s.setSupplierItem)
	remove(s, "/suppliers/{id}/items/{variantId}", can("suppliers.write"), s.removeSupplierItem)
	get(s, "/variants/{id}/suppliers", can("suppliers.read"), s.suppliersOf)

	get(s, "/stock", can("stock.read"), s.stock)
	create(s, "/stock/adjustments", can("stock.adjust").key(), s.adjustStock)
	post(s, "/stock/adjustments/{id}/undo", can("stock.adjust"), s.undoAdjustment)
	get(s, "/stock/set-aside", can("stock.read"), s.asides)
	post(s, "/stock/set-aside", can("stock.adjust").key(), s.setAside)
	post(s, "/stock/release", can("stock.adjust").key(), s.releaseAside)
	get(s, "/stock/transfers", can("stock.read"), s.transfers)
	create(s, "/stock/transfers", can("stock.adjust").key(), s.createTransfer)
	get(s, "/stock/transfers/{id}", can("stock.read"), s.transfer)
	get(s, "/stock/transfers/{id}/packing-list.pdf", can("stock.read").gives("application/pdf"), s.packingListPDF)
	patch(s, "/stock/transfers/{id}", can("stock.adjust"), s.changeTransfer)
	post(s, "/stock/transfers/{id}/ship", can("stock.adjust"), s.shipTransfer)
	post(s, "/stock/transfers/{id}/receive", can("stock.adjust").key(), s.receiveTransfer)
	post(s, "/stock/transfers/{id}/cancel", can("stock.adjust"), s.cancelTransfer)
	get(s, "/stock/counts", can("stock.read"), s.counts)
	create(s, "/stock/counts", can("stock.adjust").key(), s.startCount)
	get(s, "/stock/counts/{id}", can("stock.read"), s.count)
	get(s, "/stock/counts/{id}/lines", can("stock.read"), s.countLines)
	post(s, "/stock/counts/{id}/lines", can("stock.adjust"), s.countGoods)
	post(s, "/stock/counts/{id}/zero", can("stock.adjust").within(bulkTime), s.zeroUncounted)
	post(s, "/stock/counts/{id}/review", can("stock.adjust"), s.reviewCount)
	post(s, "/stock/counts/{id}/post", can("stock.adjust").within(bulkTime), s.postCount)
	post(s, "/stock/counts/{id}/abandon", can("stock.adjust"), s.abandonCount)
	get(s, "/stock/movements", can("stock.read"), s.movements)
	get(s, "/stock/explain", can("stock.read"), s.explainStock)
	get(s, "/stock/as-of", can("stock.read"), s.stockAsOf)
	get(s, "/stock/overstock", can("stock.read"), s.overstock)
	get(s, "/stock/value", can("stock.read").and("cost.read"), s.stockValue)
	get(s, "/stock/sell-first", can("stock.read"), s.sellFirst)
	get(s, "/stock/lots", can("stock.read"), s.lots)

	get(s, "/purchase-orders", can("purchases.read"), s.purchases)
	create(s, "/purchase-orders", can("purchases.write").key(), s.createPurchase)
	get(s, "/purchase-orders/{id}", can("purchases.read"), s.purchase)
	get(s, "/purchase-orders/{id}/order.pdf", can("purchases.read").and("cost.read").gives("application/pdf"), s.purchasePDF)
	patch(s, "/purchase-orders/{id}", can("purchases.write"), s.changePurchase)
	post(s, "/purchase-orders/{id}/send", can("purchases.write"), s.sendPurchase)
	post(s, "/purchase-orders/{id}/receive", can("stock.adjust").and("purchases.read").key(), s.receivePurchase)
	post(s, "/purchase-orders/{id}/cancel", can("purchases.write"), s.cancelPurchase)
	get(s, "/replenishment", can("purchases.read"), s.replenishment)
	create(s, "/replenishment/orders", can("purchases.write").key(), s.draftPurchases)

	get(s, "/orders", can("orders.read"), s.orders)
	create(s, "/orders", can("orders.create").key(), s.placeOrder)
	post(s, "/orders/bulk", can("orders.fulfil").key().within(bulkTime), s.moveOrders)
	get(s, "/orders/tags", can("orders.read"), s.orderTags)
	get(s, "/orders/assignees", can("orders.read"), s.orderAssignees)
	get(s, "/orders/{id}", can("orders.read"), s.order)
	patch(s, "/orders/{id}", can("orders.edit"), s.editOrder)
	post(s, "/orders/{id}/try", can("orders.edit"), s.tryOrder)
	get(s, "/orders/{id}/notes", can("orders.read"), s.orderNotes)
	create(s, "/orders/{id}/notes", can("orders.edit"), s.writeOrderNote)
	post(s, "/orders/{id}/acknowledge", can("orders.fulfil"), s.acknowledgeOrder)
	get(s, "/orders/{id}/timeline", can("orders.read"), s.orderTimeline)
	get(s, "/orders/{id}/emails", can("orders.read"), s.orderEmails)
	get(s, "/orders/{id}/documents/receipt.pdf", can("orders.read").gives("application/pdf"), s.receiptPDF)
	get(s, "/orders/{id}/documents/packing-slip.pdf", can("orders.read").gives("application/pdf"), s.packingSlipPDF)
	get(s, "/orders/{id}/documents/pick-list.pdf", can("orders.read").gives("application/pdf"), s.pickListPDF)
	get(s, "/orders/{id}/documents/invoice.pdf", can("orders.read").gives("application/pdf"), s.invoicePDF)
	get(s, "/orders/{id}/documents/credit-note.pdf", can("orders.read").gives("application/pdf"), s.creditNotePDF)
	get(s, "/orders/{id}/documents", can("orders.read"), s.orderInvoices)
	post(s, "/orders/{id}/invoice", can("orders.create"), s.issueInvoice)
	post(s, "/orders/{id}/credit-note", can("orders.create"), s.issueCreditNote)
	get(s, "/documents/pick-list.pdf", can("orders.read").gives("application/pdf"), s.pickListsPDF)
	get(s, "/documents/packing-slips.pdf", can("orders.read").gives("application/pdf"), s.packingSlipsPDF)
	post(s, "/orders/{id}/place", can("orders.create"), s.placeDraft)
	post(s, "/orders/{id}/confirm", can("orders.fulfil"), s.confirmOrder)
	post(s, "/orders/{id}/cancel", can("orders.cancel"), s.cancelOrder)
	create(s, "/orders/{id}/fulfilments", can("orders.fulfil").key(), s.fulfilOrder)
	create(s, "/orders/{id}/payments", can("payments.take").key(), s.takePayment)
	create(s, "/orders/{id}/refunds", can("payments.refund").key(), s.refundOrder)
	create(s, "/orders/{id}/returns", can("orders.return"), s.requestReturn)
	create(s, "/orders/{id}/exchange", can("orders.return").key(), s.exchange)
	post(s, "/orders/{id}/exchange/try", can("orders.return"), s.tryExchange)
	get(s, "/returns", can("orders.read"), s.returns)
	post(s, "/returns/{id}/approve", can("orders.return"), s.approveReturn)
	post(s, "/returns/{id}/reject", can("orders.return"), s.rejectReturn)
	post(s, "/returns/{id}/receive", can("orders.return"), s.receiveReturn)
	post(s, "/returns/{id}/close", can("orders.return"), s.closeReturn)
	post(s, "/fulfilments/{id}/ship", can("orders.fulfil"), s.shipParcel)
	post(s, "/fulfilments/{id}/deliver", can("orders.fulfil"), s.deliverParcel)
	post(s, "/fulfilments/{id}/ready", can("orders.fulfil"), s.readyPickup)
	post(s, "/fulfilments/{id}/collect", can("orders.fulfil"), s.collectPickup)
	post(s, "/fulfilments/{id}/cancel", can("orders.fulfil"), s.cancelParcel)

	get(s, "/discount-codes", can("orders.create"), s.discountCodes)
	create(s, "/discount-codes", can("discounts.write"), s.createDiscountCode)
	post(s, "/discount-codes/try", can("orders.create"), s.tryDiscountCode)
	get(s, "/discount-codes/{id}", can("orders.create"), s.discountCode)
	patch(s, "/discount-codes/{id}", can("discounts.write"), s.changeDiscountCode)
	remove(s, "/discount-codes/{id}", can("discounts.write"), s.removeDiscountCode)

	get(s, "/tills", can("tills.use"), s.tills)
	create(s, "/tills", can("tills.use"), s.openTill)
	get(s, "/tills/drawers", can("tills.use"), s.tillDrawers)
	get(s, "/tills/{id}", can("tills.use"), s.till)
	get(s, "/tills/{id}/report.pdf", can("tills.use").gives("application/pdf"), s.tillReport)
	get(s, "/tills/{id}/lines", can("tills.use"), s.tillLines)
	create(s, "/tills/{id}/movements", can("tills.use").key(), s.moveCash)
	post(s, "/tills/{id}/close", can("tills.use").key(), s.closeTill)
	post(s, "/tills/{id}/explain", can("tills.use"), s.explainTill)

	get(s, "/customers", can("customers.read"), s.customers)
	create(s, "/customers", can("customers.write"), s.createCustomer)
	get(s, "/customers/{id}", can("customers.read"), s.customer)
	patch(s, "/customers/{id}", can("customers.write"), s.changeCustomer)
	get(s, "/customers/{id}/orders", can("orders.read"), s.customerOrders)

	get(s, "/shop/track/{token}", guest(), s.trackOrder)
	get(s, "/shop/track/{token}/documents/invoice.pdf", guest().gives("application/pdf"), s.trackedInvoicePDF)

	get(s, "/emails", can("emails.read"), s.emails)
	get(s, "/emails/{id}", can("emails.read"), s.email)
	s.raw(http.MethodGet, "/emails/{id}/html", can("emails.read"), s.showEmail)
	post(s, "/emails/{id}/retry", can("emails.write"), s.retryEmail)
	post(s, "/emails/dismiss", can("emails.write"), s.dismissEmails)
	get(s, "/mail-health", signedIn(), s.mailHealth)
	get(s, "/views", can("orders.read"), s.views)
	create(s, "/views", can("orders.read"), s.saveView)
	patch(s, "/views/{id}", can("orders.read"), s.changeView)
	remove(s, "/views/{id}", can("orders.read"), s.removeView)
	get(s, "/notifications", person(), s.notifications)
	patch(s, "/notifications", person(), s.chooseNotifications)
	s.raw(http.MethodGet, "/unsubscribe/{token}", guest(), s.askToStop)
	done(s, "/unsubscribe/{token}", guest().form(), s.stopMails)
	done(s, "/unsubscribe/{token}/resume", guest(), s.resumeMails)
	get(s, "/alerts", can("stock.read"), s.alerts)
	post(s, "/alerts/{id}/snooze", can("products.write"), s.snoozeAlert)
	post(s, "/alerts/{id}/wake", can("products.write"), s.wakeAlert)

	get(s, "/reports/waste", can("stock.read"), s.waste)
	get(s, "/reports/dashboard", can("orders.read"), s.dashboard)

	get(s, "/imports", can("imports.run"), s.imports)
	post(s, "/imports/read", can("imports.run").file().within(uploadTime), s.readImport)
	create(s, "/imports", can("imports.run").file().within(uploadTime), s.previewImport)
	get(s, "/imports/{id}", can("imports.run"), s.importByID)
	get(s, "/imports/{id}/rejected.csv", can("imports.run"), s.rejectedRows)
	get(s, "/imports/{id}/pictures", can("imports.run"), s.importPictures)
	post(s, "/imports/{id}/pictures/done", can("imports.run"), s.doneWithPictures)
	post(s, "/imports/{id}/commit", can("imports.run").within(uploadTime), s.commitImport)
	post(s, "/imports/{id}/undo", can("imports.run").within(uploadTime), s.undoImport)

	exports(s, "products", can("exports.run").and("products.read"), s.exportProducts)
	exports(s, "stock", can("exports.run").and("stock.read"), s.exportStock)
	exports(s, "movements", can("exports.run").and("stock.read"), s.exportMovements)
	exports(s, "customers", can("exports.run").and("customers.read"), s.exportCustomers)
	exports(s, "orders", can("exports.run").and("orders.read"), s.exportOrders)
	exports(s, "audit", can("exports.run").and("audit.read"), s.exportAudit)

	get(s, "/tasks", can("imports.run"), s.tasks)
	post(s, "/tasks/{id}/cancel", can("imports.run"), s.cancelTask)

	get(s, "/events", can("events.read"), s.events)
	s.raw(http.MethodGet, "/live", signedIn(), s.live)
	get(s, "/self-check", can("settings.read"), s.selfCheck)
	get(s, "/jobs", can("jobs.run"), s.jobs)
	get(s, "/jobs/{name}/runs", can("jobs.run"), s.jobRuns)
	post(s, "/jobs/{name}/run", can("jobs.run").within(jobTime), s.runJob)

	s.app.Get("/api/openapi.json", s.serveDocument)
	s.app.Get("/api/docs/:file?", s.serveDocs)
	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/metrics", s.serveMetrics())
	s.app.Get("/images/:name", s.serveImage)
	s.app.Use(s.site.serve)
}

// topics says who hears of what. An event of a topic that is not here reaches nobody.
var topics = map[string]string{
	"orders":     "orders.read",
	"discounts":  "orders.create",
	"tills":      "tills.use",
	"views":      "orders.read",
	"stock":      "stock.read",
	"transfers":  "stock.read",
	"counts":     "stock.read",
	"locations":  "stock.read",
	"products":   "products.read",
	"brands":     "products.read",
	"categories": "products.read",
	"suppliers":  "suppliers.read",
	"purchases":  "purchases.read",
	"customers":  "customers.read",
	"imports":    "imports.run",
	"tasks":      "imports.run",
	"settings":   "settings.read",
	"jobs":       "jobs.run",
	"emails":     "emails.read",
	"mail":       "events.read",
	"alerts":     "stock.read",

	"registrations": "users.write",
	"users":         "users.read",
	"tokens":        "tokens.write",
}

// maySee says whether an actor may hear of an event.
func maySee(a db.Actor, e db.Event) bool {
	permission, ok := topics[e.Topic]
	return ok && a.Can(permission) && e.For(a)
}
