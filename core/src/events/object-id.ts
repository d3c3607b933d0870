import mongoose, { type mongo } from 'mongoose'

/** The ObjectId of the driver that mongoose itself uses. */
export const ObjectId = mongoose.mongo.ObjectId
export type ObjectId = mongo.ObjectId
